"""The cover of the sectors now, and as it would be with a crew sent away; also right after an assignment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from access.selectors import Access
from incidents.services.handling import clock
from interventions import cover, selectors, travel
from interventions.choosing import gathering, hours
from interventions.choosing.facts import Crew, Limits, Span
from interventions.models import Intervention
from journal.errors import NotFound
from territory.geometry import LatLon


class ReachShape(msgspec.Struct, frozen=True):
    """`minutes` to the sector's farthest point, by the nearest free `crew`; null when nobody could come."""

    skill: str
    minutes: int | None
    crew: UUID | None
    covered: bool


class SectorShape(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    label: str
    label_fr: str
    label_en: str
    communes: list[str]
    reach: list[ReachShape]


class LossShape(msgspec.Struct, frozen=True):
    """A sector left without a skill within the minutes: how far help was `before` and is `after`. `until`: when a crew
    will cover it again, as far as calendars say."""

    sector: str
    skill: str
    before: int | None
    after: int | None
    until: datetime | None


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """`lost`: by sending `crew` to `intervention`; of a crew that has been sent there already, what that cost."""

    minutes: int
    now: datetime
    method: str
    sectors: list[SectorShape]
    lost: list[LossShape]


def picture(
    *,
    access: Access,
    minutes: int,
    skills: Sequence[str] = (),
    crew: UUID | None = None,
    intervention: UUID | None = None,
) -> Picture:
    """Four queries; not inside a transaction. Raises NotFound for a crew or an intervention out of sight."""
    now, limits = clock(), gathering.limits()
    work = selectors.get(intervention_id=intervention, access=access) if intervention else None
    rows = selectors.crews(access).filter(active=True)
    crews = gathering.crews(rows, now=now, excluding=[work.id] if work else [])
    chosen = sorted(skills or {skill for one in crews for skill in one.skills})
    seconds, method = _seconds(crews)

    def at(instant: datetime, who: list[Crew]) -> cover.Cover:
        return cover.cover(cover.helpers(who, at=instant, seconds=seconds, limits=limits), skills=chosen)

    before, lost = at(now, crews), list[LossShape]()
    if crew is not None:
        away = next((one for one in crews if one.id == crew), None)
        if away is None:
            raise NotFound
        rest = [one for one in crews if one.id != crew]
        ends = _back(away, now, work, limits)
        after = at(now, rest)
        again = [(instant, at(instant, rest)) for instant in _changes(rest, now, ends)]
        for loss in cover.losses(before, after, minutes=minutes):
            until = _until(again, loss, minutes, ends)
            lost.append(LossShape(loss.sector, loss.skill, loss.before, loss.after, until))
        before = after
    return Picture(minutes=minutes, now=now, method=method, sectors=_shapes(before, chosen, minutes), lost=lost)


def _seconds(crews: Sequence[Crew]) -> tuple[cover.Seconds, str]:
    origins, goals = [crew.place for crew in crews], cover.points()
    table = travel.best().table(origins, goals)
    rows, columns = {one: n for n, one in enumerate(origins)}, {one: n for n, one in enumerate(goals)}

    def seconds(crew: Crew, point: LatLon) -> int:
        return table.seconds[rows[crew.place]][columns[point]]

    return seconds, table.method


def _back(crew: Crew, now: datetime, work: Intervention | None, limits: Limits) -> datetime:
    """When the crew is free again: at the end of the slot it has been given, else about when the work would be over; or
    when its shift ends, if that comes first."""
    presence = hours.presence(crew.shifts, now)
    length = timedelta(minutes=work.duration_minutes if work else 60)
    given = work.slot_end if work is not None and work.crew_id == crew.id else None
    ends = given or now + length + limits.recall
    return ends if presence.until is None else min(ends, presence.until)


def _changes(crews: Sequence[Crew], now: datetime, until: datetime) -> list[datetime]:
    """When somebody else becomes free or begins a shift before `until`, in order."""
    spans: list[Span] = [shift for crew in crews for shift in crew.shifts]
    moments = {mission.end for crew in crews for mission in crew.held()} | {span.start for span in spans}
    return sorted(moment for moment in moments if now < moment < until)[:12]


def _until(again: list[tuple[datetime, cover.Cover]], loss: cover.Loss, minutes: int, ends: datetime) -> datetime:
    for instant, found in again:
        reach = found[loss.sector, loss.skill]
        if reach.minutes is not None and reach.minutes <= minutes:
            return instant
    return ends


def _shapes(found: cover.Cover, skills: Sequence[str], minutes: int) -> list[SectorShape]:
    def reach(sector: str, skill: str) -> ReachShape:
        one = found[sector, skill]
        return ReachShape(skill, one.minutes, one.crew, one.minutes is not None and one.minutes <= minutes)

    return [
        SectorShape(
            key=sector.key,
            label=sector.label,
            label_fr=sector.label_fr,
            label_en=sector.label_en,
            communes=list(sector.communes),
            reach=[reach(sector.key, skill) for skill in skills],
        )
        for sector in cover.sectors()
    ]
