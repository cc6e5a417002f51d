"""A cell, its people, who directs it, and what it borrowed."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, Person
from access.roles import AUDIT
from crisis.functions import Function
from crisis.models.plans import Plan
from crisis.permissions import Right
from crisis.workflow import Direction, Level, MemberState
from incidents.models import Incident
from territory.models import Commune


class CellCounter(models.Model):
    """Last cell number given in a year; its row lock makes numbers gap-free."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()


class Cell(models.Model):
    """A crisis cell. Its row is locked by every write in it, so all its numbers are gap-free and in order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=160)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=Level)
    level_since = models.DateTimeField()
    level_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.CELL)
    director = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    briefing_minutes = models.PositiveSmallIntegerField()
    next_briefing_at = models.DateTimeField(null=True)
    last_line = models.PositiveIntegerField(default=0)
    last_decision = models.PositiveIntegerField(default=0)
    last_action = models.PositiveIntegerField(default=0)
    last_report = models.PositiveIntegerField(default=0)
    last_message = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)
    audiences = ArrayField(models.TextField())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-opened_at", "-id")
        default_permissions = ()
        permissions = tuple((right.value, right.value) for right in Right)
        constraints = (
            models.CheckConstraint(condition=Q(level__in=Level.values), name="cell_level_known"),
            models.CheckConstraint(
                condition=Q(level=Level.CLOSED, closed_at__isnull=False) | (~Q(level=Level.CLOSED) & Q(closed_at=None)),
                name="cell_closed_has_time",
            ),
            models.CheckConstraint(condition=~Q(audiences=[]), name="cell_has_audience"),
        )
        indexes = (
            models.Index(fields=["-opened_at", "-id"], name="cell_order"),
            GinIndex("audiences", name="cell_audiences"),
        )

    def __str__(self) -> str:
        return self.reference

    def compute_audiences(self) -> list[str]:
        """Those named on it, and the auditor. Nobody by rank."""
        return sorted([f"cell:{self.id}", AUDIT])


class Member(models.Model):
    """Somebody in a function of a cell (empty: a guest), from the call to the end. History is rows: a function taken
    up again is a new row. Somebody without an account (the fire service's officer) is a name and gets no rights."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120, blank=True, help_text=_("of somebody without an account"))
    function = models.CharField(max_length=30, choices=Function, blank=True)
    state = models.CharField(max_length=10, choices=MemberState, default=MemberState.CALLED)
    expected_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True, help_text=_("a guest's time ends by itself"))
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("called_at", "id")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | (Q(person=None) & ~Q(name="")), name="member_is_somebody"
            ),
            models.UniqueConstraint(
                fields=["cell", "person", "function"], condition=Q(ended_at=None), name="member_once_per_function"
            ),
            models.CheckConstraint(condition=~Q(function="") | Q(until__isnull=False), name="guest_has_an_end"),
        )


class CellIncident(models.Model):
    """An incident that a cell deals with."""

    id = models.BigAutoField(primary_key=True)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="incidents")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        constraints = (models.UniqueConstraint("cell", "incident", name="cell_incident_once"),)


class Transfer(models.Model):
    """The direction of operations offered to somebody, or to the prefect; nothing changes until it is accepted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="transfers")
    to_prefect = models.BooleanField(default=False)
    to_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    from_person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    accepted = models.BooleanField(null=True)
    audiences = ArrayField(models.TextField())

    class Meta:
        ordering = ("asked_at", "id")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(to_prefect=True, to_person=None) | Q(to_prefect=False, to_person__isnull=False),
                name="transfer_to_somebody",
            ),
            models.UniqueConstraint(fields=["cell"], condition=Q(answered_at=None), name="transfer_one_open_per_cell"),
            models.CheckConstraint(
                condition=Q(answered_at=None, accepted=None) | Q(answered_at__isnull=False, accepted__isnull=False),
                name="transfer_answered_whole",
            ),
        )


class Loan(models.Model):
    """Means lent to the cell, in writing: what, by whom, who agreed, and when they came back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="loans")
    lender = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(default=1)
    agreed_by = models.CharField(max_length=120, help_text=_("who agreed for the lender"))
    lent_at = models.DateTimeField()
    due_back = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    returned_at = models.DateTimeField(null=True)
    returned_note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("lent_at", "id")
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(quantity__gte=1), name="loan_of_something"),)


class Suggestion(models.Model):
    """Somebody or something suggests a level, or a cell where there is none. It decides nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, null=True, related_name="suggestions")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=10, choices=Level)
    source = models.CharField(max_length=20, help_text=_("escalation, weather, flood, somebody"))
    why = models.CharField(max_length=500)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=10, blank=True, help_text=_("opened, followed, set_aside"))
    audiences = ArrayField(models.TextField())

    class Meta:
        ordering = ("-at", "-id")
        default_permissions = ()
        indexes = (models.Index("at", name="suggestion_waiting", condition=Q(settled_at=None)),)


class Visit(models.Model):
    """How far somebody has read a cell's record: the journal's number, and when."""

    id = models.BigAutoField(primary_key=True)
    cell = models.ForeignKey(Cell, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    seq = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint("cell", "person", name="visit_once"),)
