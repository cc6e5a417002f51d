"""Planned work that comes back: made ahead of time from its series, once each."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from incidents.services.handling import clock
from interventions import events
from interventions.models import Intervention, Series
from interventions.rows import row_of
from interventions.services.asking import next_reference
from interventions.shifts import PARIS, instant
from journal.services import writing
from journal.statements import prepared

AHEAD = timedelta(days=14)


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
    (insee,) = prepared("select commune_at(%s, %s)", [series.lat, series.lon]).fetchone() or (None,)
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
