import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from journal.chain import GENESIS


class Entry(models.Model):
    """One line of the record. Rows are made by the SQL function `journal_append` alone, and never change.

    `seq` is gap-free and follows commit order. `data` is the event's JSON, kept as the exact text that was hashed.
    `withdraws` names audiences that lose sight of `about` from here on, its earlier entries included.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.TextField()
    about = models.UUIDField(null=True)
    by = models.UUIDField(null=True)
    audiences = ArrayField(models.TextField())
    withdraws = ArrayField(models.TextField(), default=list)
    data = models.TextField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        ordering = ("seq",)
        default_permissions = ()
        indexes = (
            models.Index("about", "seq", name="entry_about"),
            models.Index("about", "seq", name="entry_withdrawals", condition=~Q(withdraws=[])),
            GinIndex("audiences", name="entry_audiences"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("entries are written by journal.services.writing alone")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("entries are never deleted")


class Head(models.Model):
    """The single row that holds the chain's end. Locked last in every transaction, so seq follows commit order."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    hash = models.BinaryField(default=GENESIS)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_head"),)


class Receipt(models.Model):
    """The stored answer to a write, so that the same `Idempotency-Key` and body always get the same answer."""

    id = models.BigAutoField(primary_key=True)
    by = models.UUIDField()
    key = models.UUIDField(default=uuid.uuid4)
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint("by", "key", name="one_answer_per_key"),)
        indexes = (models.Index("at", name="receipt_at"),)
