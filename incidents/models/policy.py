import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, Person
from access.roles import ROLES, Role
from incidents.models.incident import Category, Incident
from incidents.workflow import Priority


class Calendar(models.TextChoices):
    """When a policy applies, by Paris time; see `incidents.calendars`."""

    ALWAYS = "always", _("always")
    OFFICE = "office", _("office hours (working days, 8:00 to 18:00)")
    OUTSIDE = "outside", _("outside office hours")
    NIGHT = "night", _("night (20:00 to 6:00)")
    HOLIDAY = "holiday", _("public holidays")
    SCHOOL = "school", _("school holidays, zone A")


class StepAct(models.TextChoices):
    """What a step does; its target is given beside it."""

    DUTY = "duty", _("tell whoever is on a duty")
    ROTA = "rota", _("tell whoever is on call")
    PERSON = "person", _("tell a person")
    ORGANISATION = "organisation", _("tell an organisation (empty: the owner)")
    PRIORITY = "priority", _("raise the priority")
    ASSIGN = "assign", _("give it to an organisation")
    POLICY = "policy", _("go on with another policy")
    CRISIS = "crisis", _("propose a crisis cell")


class Policy(models.Model):
    """What happens when nobody takes an incident up: for which incidents, and in which steps.

    The row and its steps are what the editor shows; what runs is always a `PolicyVersion`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("key"), unique=True, help_text=_("short, without spaces; never changes"))
    name = models.CharField(_("name"), max_length=120)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category"),
        help_text=_("with all below it; empty: any"),
    )  # fmt: skip
    priorities = ArrayField(models.CharField(max_length=2, choices=Priority), default=list, blank=True)
    communes = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner"),
        help_text=_("who the incident belongs to; empty: any"),
    )  # fmt: skip
    calendar = models.CharField(_("when"), max_length=10, choices=Calendar, default=Calendar.ALWAYS)
    untouched = models.DurationField(
        _("comes back after"), default=timedelta,
        help_text=_("acknowledged, then untouched for so long (hours:minutes:seconds); 0: never"),
    )  # fmt: skip
    active = models.BooleanField(_("active"), default=True)
    current = models.ForeignKey("PolicyVersion", models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        ordering = ("key",)
        default_permissions = ()
        verbose_name = _("escalation policy")
        verbose_name_plural = _("escalation policies")
        constraints = (
            models.CheckConstraint(condition=Q(calendar__in=Calendar.values), name="policy_calendar_known"),
            models.CheckConstraint(condition=Q(untouched__gte=timedelta()), name="policy_untouched_not_negative"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audiences(self) -> Sequence[str]:
        """Who sees what is recorded about it."""
        return ("post", "administration", "audit")


class PolicyStep(models.Model):
    """One line of the editor: `after` since the start, what, and to whom."""

    id = models.BigAutoField(primary_key=True)
    policy = models.ForeignKey(Policy, models.CASCADE, related_name="steps")
    after = models.DurationField(_("after"), help_text=_("hours:minutes:seconds"))
    act = models.CharField(_("what"), max_length=12, choices=StepAct)
    role = models.CharField(
        _("duty"), max_length=30, blank=True, choices=[(role.value, spec.title) for role, spec in ROLES.items()]
    )
    rota = models.CharField(_("rota"), max_length=60, blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    priority = models.CharField(_("priority"), max_length=2, blank=True, choices=Priority)
    other = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("other policy")
    )
    vital = models.BooleanField(_("disturbs"), default=False, help_text=_("goes through quiet hours, calls as well"))

    class Meta:
        ordering = ("after", "id")
        default_permissions = ()
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = (
            models.CheckConstraint(condition=Q(after__gte=timedelta()), name="policy_step_not_before"),
            models.CheckConstraint(condition=Q(act__in=StepAct.values), name="policy_step_act_known"),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=list(map(str, Role))), name="policy_step_role_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.after} · {self.get_act_display()}"


class PolicyVersion(models.Model):
    """A policy as it was published: `content` is an `incidents.policies.Frozen`. A database trigger refuses changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content: "models.JSONField[Any, Any]" = models.JSONField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-number",)
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("policy", "number"), name="policy_numbered_once"),)


class EscalationState(models.TextChoices):
    RUNNING = "running", _("nobody has taken it up yet")
    SPENT = "spent", _("all steps are done, and nobody has taken it up")
    TAKEN = "taken", _("taken up")
    SNOOZED = "snoozed", _("set aside")
    ENDED = "ended", _("over")


class Escalation(models.Model):
    """Where an incident stands in the policy that was frozen into it.

    `turn` counts how often it started, `since` is when this turn did, `done` how many of its steps are done. `due_at` is
    the next thing by itself, whose timer carries `armed`: an older timer that still fires finds that it is not meant.
    """

    incident = models.OneToOneField(Incident, models.PROTECT, primary_key=True, related_name="escalation")
    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=EscalationState, default=EscalationState.RUNNING)
    turn = models.PositiveIntegerField(default=1)
    done = models.PositiveSmallIntegerField(default=0)
    armed = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    snoozed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(state__in=EscalationState.values), name="escalation_state_known"),
            models.CheckConstraint(
                condition=~Q(state=EscalationState.SNOOZED)
                | (Q(snoozed_until__isnull=False, snoozed_by__isnull=False) & ~Q(reason="")),
                name="snoozed_by_somebody_until_for_a_reason",
            ),
        )
        indexes = (
            models.Index(F("due_at"), name="escalation_due", condition=Q(due_at__isnull=False)),
            models.Index("incident", name="escalation_snoozed", condition=Q(state=EscalationState.SNOOZED)),
        )
