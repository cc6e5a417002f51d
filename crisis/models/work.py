"""Decisions, actions and requests for means."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, Person
from crisis.functions import Function
from crisis.models.cells import Cell
from crisis.models.log import Line
from crisis.workflow import ActionState


class Decision(models.Model):
    """What was decided, by whose authority, on what grounds, what was rejected, and whether it worked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="decisions", db_index=False)
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=500)
    authority = models.CharField(max_length=160, help_text=_("in whose name: the mayor of …, the prefect"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    grounds = models.TextField(max_length=2000)
    rejected = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField()
    check_due = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.TextField(max_length=2000, blank=True)
    achieved = models.BooleanField(null=True)
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("cell", "number", name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(checked_at=None, achieved=None) | Q(checked_at__isnull=False, achieved__isnull=False),
                name="decision_checked_whole",
            ),
        )

    @property
    def reference(self) -> str:
        return f"D-{self.number:02d}"


class Action(models.Model):
    """Something to do: for a function, with an owner and a due time. Items of action cards become actions, frozen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="actions", db_index=False)
    number = models.PositiveIntegerField()
    function = models.CharField(max_length=30, choices=Function)
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    owner_name = models.CharField(max_length=120, blank=True, help_text=_("a crew or somebody without an account"))
    state = models.CharField(max_length=8, choices=ActionState, default=ActionState.TODO)
    progress = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True)
    late_told_at = models.DateTimeField(null=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="actions")
    card = models.CharField(max_length=60, blank=True)
    card_version = models.PositiveSmallIntegerField(null=True)
    card_item = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("cell", "number", name="action_number_once"),
            models.CheckConstraint(condition=Q(state__in=ActionState.values), name="action_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["todo", "doing"], ended_at=None)
                | Q(state__in=["done", "dropped"], ended_at__isnull=False),
                name="action_ended_has_time",
            ),
            models.UniqueConstraint(
                fields=["cell", "card", "card_item"],
                condition=~Q(card="") & ~Q(state="dropped"),
                name="action_card_item_once",
            ),
        )

    @property
    def reference(self) -> str:
        return f"A-{self.number:02d}"


class MeansRequest(models.Model):
    """A request for means: an intervention of our own, or a message to whoever has them."""

    class Via(models.TextChoices):
        INTERVENTION = "intervention", _("Intervention")
        ORGANISATION = "organisation", _("Message to an organisation")
        PREFECTURE = "prefecture", _("Message to the prefecture")

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="requests")
    function = models.CharField(max_length=30, choices=Function)
    what = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(default=1)
    where = models.CharField(max_length=200, blank=True)
    needed_by = models.DateTimeField(null=True)
    via = models.CharField(max_length=12, choices=Via)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    intervention = models.UUIDField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    answer = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("at", "id")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=~Q(via="organisation") | Q(organisation__isnull=False), name="request_to_somebody"
            ),
        )
