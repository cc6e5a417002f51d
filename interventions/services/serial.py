"""Planned work that comes back: begun and ended by a person, made ahead of time, once each."""

from datetime import date, time, timedelta
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Organisation, Person
from access.selectors import access_of
from access.services import require, require_anywhere
from incidents.services.handling import clock
from interventions import events
from interventions.models import Intervention, Series
from interventions.permissions import Permission
from interventions.rows import row_of, series_row_of
from interventions.services.asking import (
    cancel,
    checked_duration,
    commune_of,
    insee_at,
    known_category,
    known_skills,
    next_reference,
)
from interventions.shifts import PARIS, instant
from interventions.skills import duration_of, skills_of
from interventions.workflow import WAITING
from journal.errors import Invalid, NotAllowed, NotFound, WrongState
from journal.services import writing

AHEAD = timedelta(days=14)
RARELY = 732  # days: every second year
REASON_LIMIT = 500


class Recurring(msgspec.Struct, frozen=True, kw_only=True):
    """What comes back: from the day `first_on`, every `every_days` at the local time `at`, up to and with `until`.
    `organisation`: whose work it usually is, who sees it too."""

    title: str
    category: str
    organisation: UUID
    lat: float
    lon: float
    at: time
    first_on: date
    every_days: int
    until: date | None = None
    address: str = ""
    skills: tuple[str, ...] | None = None
    duration_minutes: int | None = None


def start_series(*, by: Person, told: Recurring) -> Series:
    """Begin it; what is due within fourteen days is asked for at once. Raises NotAllowed, Invalid."""
    with writing(by) as record:
        access = access_of(by)
        require_anywhere(access, Permission.PLAN)
        series = _checked(told)
        if not access.allows_in(Permission.PLAN, series.commune_id or ""):
            raise NotAllowed(permission=Permission.PLAN)
        series.save(force_insert=True)
        record(events.SeriesStarted(series=series_row_of(series)), about=series)
        _make(series.id, AHEAD)
    series.refresh_from_db()
    return series


def _checked(told: Recurring) -> Series:
    category = known_category(told.category)
    organisation = Organisation.objects.filter(id=told.organisation).first()
    wrong: dict[str, list[str]] = {}
    if organisation is None:
        wrong["organisation"] = [_("Not one of the possible values.")]
    if not told.title.strip():
        wrong["title"] = [_("Say in a few words what is to be done.")]
    if not 1 <= told.every_days <= RARELY:
        wrong["every_days"] = [_("From every day to every second year.")]
    if told.first_on < timezone.localdate(clock(), PARIS):
        wrong["first_on"] = [_("Today or later.")]
    if told.until is not None and told.until < told.first_on:
        wrong["until"] = [_("It ends after it starts.")]
    if wrong or organisation is None:
        raise Invalid(errors=wrong)
    return Series(
        title=told.title.strip(),
        category=category,
        organisation=organisation,
        commune_id=commune_of(told.lat, told.lon),
        skills=known_skills(list(skills_of(category.key) if told.skills is None else told.skills)),
        duration_minutes=checked_duration(told.duration_minutes or duration_of(category.key)),
        next_on=told.first_on,
        **{name: getattr(told, name) for name in ("lat", "lon", "address", "at", "every_days", "until")},
    )


def series_in_sight(by: Person) -> list[Series]:
    """Those that go on and that this person may plan: the post's, or their commune's; by name."""
    access = access_of(by)
    found = Series.objects.filter(active=True).select_related("organisation").order_by("title", "id")
    return [series for series in found if access.allows(Permission.PLAN, series.audiences)]


def end_series(*, series_id: UUID, by: Person, reason: str) -> Series:
    """No more of it; what it made and no crew has goes with it. Raises NotFound, NotAllowed, WrongState, Invalid."""
    with writing(by) as record:
        found = Series.objects.select_for_update(of=("self",)).select_related("organisation").filter(id=series_id)
        series = found.first()
        if series is None:
            raise NotFound
        require(access_of(by), Permission.PLAN, series)
        if not series.active:
            raise WrongState(_("It has ended already."))
        reason = reason.strip()
        if not 0 < len(reason) <= REASON_LIMIT:
            raise Invalid(errors={"reason": [_("Say why in a few words.")]})
        series.active = False
        series.save(update_fields=["active"])
        waiting = Intervention.objects.filter(series=series, status__in=WAITING, window_start__gt=clock())
        ids = list(waiting.order_by("id").values_list("id", flat=True))
        for one in ids:
            cancel(intervention_id=one, by=by, reason=reason)
        record(events.SeriesEnded(series=series_row_of(series), reason=reason, called_off=len(ids)), about=series)
        return series


# Made ahead ---------------------------------------------------------------------------------------------------------------


def make_planned_work(*, ahead: timedelta = AHEAD) -> int:
    """Ask for the work of every series that is due within fourteen days; run it as often as you like, on as many workers.
    Returns how many interventions were made; a series moves on in the same transaction."""
    horizon = timezone.localdate(clock(), PARIS) + ahead
    due = Series.objects.filter(active=True, next_on__lte=horizon).values_list("id", flat=True).order_by("id")
    return sum(_make(series, ahead) for series in list(due))


def _make(series_id: UUID, ahead: timedelta) -> int:
    with writing(None) as record:
        found = Series.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
            "category", "organisation"
        )
        series = found.filter(id=series_id, active=True).first()
        if series is None:  # another worker makes it
            return 0
        made = 0
        horizon = timezone.localdate(clock(), PARIS) + ahead
        while series.active and series.next_on <= horizon:
            one = _next(series)
            if one is not None:
                record(events.Proposed(row=row_of(one)), about=one)
                made += 1
            series.next_on += timedelta(days=series.every_days)
            series.active = series.until is None or series.next_on <= series.until
        series.save(update_fields=["next_on", "active"])
        return made


def _next(series: Series) -> Intervention | None:
    """The next one; None when its day has passed already (the post was not running) or it lies outside the metropolis."""
    now, start = clock(), instant(series.next_on, series.at)
    insee = series.commune_id or insee_at(series.lat, series.lon)
    if insee is None or start + timedelta(days=1) < now:
        return None
    one = Intervention(
        series=series,
        title=series.title,
        category=series.category,
        priority="P4",
        skills=list(series.skills),
        lat=series.lat,
        lon=series.lon,
        address=series.address,
        commune_id=insee,
        duration_minutes=series.duration_minutes,
        window_start=start,
        created_at=now,
    )
    one.reference = next_reference(None, now)
    one.audiences = one.compute_audiences()
    one.save(force_insert=True)
    return one
