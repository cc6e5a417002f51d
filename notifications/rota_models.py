import uuid
from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, Person


class Rota(models.Model):
    """One thing that somebody is always on call for. At any instant at most one person is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="rotas")
    version = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, editable=False)  # nobody is on call for it from then on

    class Meta:
        default_permissions = ()
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def audiences(self) -> Sequence[str]:
        """The post and its administration see all rotas, an organisation its own."""
        return ("post", "administration", "audit", f"organisation:{self.organisation_id}")


class Layer(models.Model):
    """People who take turns. The layer on top (place 0) goes first; where it has nobody, the next one does.

    Times are those of the wall clock in Paris. Turns are `turn_days` long, change at `handover_at`, and are counted
    from `starts_on`. A layer may hold only on some weekdays (0 Monday; none: all) and between two hours (until before
    from: over midnight). It is never edited: a change ends it and makes another, so that the past stays true.
    """

    id = models.BigAutoField(primary_key=True)
    rota = models.ForeignKey(Rota, models.CASCADE, related_name="layers")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("turns are counted from"))
    turn_days = models.PositiveSmallIntegerField(_("days in a turn"))
    handover_at = models.TimeField(_("hand-over at"))
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    hours_from = models.TimeField(null=True, blank=True)
    hours_until = models.TimeField(null=True, blank=True)
    in_force_from = models.DateTimeField(db_default=Now())
    in_force_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("place", "id")
        constraints = (
            models.CheckConstraint(condition=Q(turn_days__gte=1, turn_days__lte=28), name="a_turn_is_1_to_28_days"),
            models.CheckConstraint(
                condition=Q(hours_from=None, hours_until=None) | Q(hours_from__isnull=False, hours_until__isnull=False),
                name="layer_hours_have_two_ends",
            ),
        )


class Turn(models.Model):
    """Somebody's place in a layer's order."""

    id = models.BigAutoField(primary_key=True)
    layer = models.ForeignKey(Layer, models.CASCADE, related_name="turns")
    place = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="turns")

    class Meta:
        default_permissions = ()
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=("layer", "place"), name="one_person_to_a_place"),)


class Swap(models.Model):
    """One asks another to take a shift, and may offer to take one of theirs. Accepted, it becomes overrides."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rota = models.ForeignKey(Rota, models.CASCADE, related_name="swaps")
    asked_by = models.ForeignKey(Person, models.CASCADE, related_name="swaps_asked")
    asked_to = models.ForeignKey(Person, models.CASCADE, related_name="swaps_offered")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    back_from = models.DateTimeField(null=True)
    back_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    made_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="swap_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(back_from=None, back_until=None) | Q(back_until__gt=F("back_from")),
                name="swap_back_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("asked_to")), name="swap_is_between_two"),
        )


class Override(models.Model):
    """For a while, this person instead of whoever the layers say. The latest one wins."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rota = models.ForeignKey(Rota, models.CASCADE, related_name="overrides")
    person = models.ForeignKey(Person, models.CASCADE, related_name="overrides")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    swap = models.ForeignKey(Swap, models.CASCADE, null=True, related_name="overrides")
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="override_ends_after_it_starts"),
        )
        indexes = (models.Index("rota", "ends_at", name="override_of_rota"),)


class CalendarFeed(models.Model):
    """A secret address under which somebody's own shifts are read. Only its SHA-256 is kept."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()


class Drill(models.Model):
    """A test of whether those on call can really be reached. What came of it stands on the messages."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField()
    closed = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ("-started_at",)

    @property
    def audiences(self) -> Sequence[str]:
        return ("post", "administration", "audit")


class DrillCall(models.Model):
    """One person called in a drill, for one rota (none: nobody was on call, which is a result too)."""

    id = models.BigAutoField(primary_key=True)
    drill = models.ForeignKey(Drill, models.CASCADE, related_name="calls")
    rota = models.ForeignKey(Rota, models.CASCADE, related_name="+")
    message = models.ForeignKey("notifications.Message", models.CASCADE, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("drill", "rota"), name="one_call_for_each_rota"),)
