"""Proposals for an intervention, and what forbids a crew: gathering, travel times, judgement, in that order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from access.selectors import Access
from incidents.services.handling import clock
from interventions import cover as covering
from interventions import selectors, travel
from interventions.choosing import gathering, judging
from interventions.choosing.facts import AGAINST, BLOCKING, Crew, Leg, Limits, Mission, Reason, Wanted
from interventions.choosing.judging import Drive, Proposal
from interventions.models import Crew as CrewRow
from interventions.models import Intervention
from territory.geometry import LatLon

COVER_MINUTES = 20


@dataclass(frozen=True, slots=True)
class Proposals:
    """Best first. `method`: how travel times were known."""

    intervention: Intervention
    now: datetime
    method: str
    found: list[Proposal]


def proposals(*, intervention_id: UUID, access: Access, start: datetime | None = None) -> Proposals:
    """Every crew in sight, judged for an intervention in sight: in its first gap, or at `start`. Never inside a
    transaction: a routing server may be asked. Raises NotFound."""
    one = selectors.get(intervention_id=intervention_id, access=access)
    now, limits = clock(), gathering.limits()
    wanted = gathering.timed(gathering.wanted_of(one), one)
    rows = selectors.crews(access).filter(active=True)
    crews = gathering.crews(rows, now=now, until=start or wanted.not_before, excluding=[one.id])
    found, method = weigh(crews, wanted, now=now, limits=limits, estimator=travel.best(), start=start)
    return Proposals(one, now, method, found)


def weigh(
    crews: Sequence[Crew], wanted: Wanted, *, now: datetime, limits: Limits, estimator: travel.Estimator,
    start: datetime | None = None,
) -> tuple[list[Proposal], str]:  # fmt: skip
    """Judge and order them, with what each would leave uncovered: one travel table for all."""
    goals = [wanted.at, *covering.points()]
    origins = [crew.place for crew in crews]
    origins += [mission.at for crew in crews for mission in crew.held()]
    table = estimator.table(origins, goals)
    row_of = {place: n for n, place in enumerate(origins)}
    column_of = {place: n for n, place in reversed(list(enumerate(goals)))}

    def leg(crew: Crew, mission: Mission | None) -> Leg:
        row = row_of[mission.at if mission else crew.place]
        return Leg(table.seconds[row][0], table.metres[row][0], table.method)

    def seconds(crew: Crew, point: LatLon) -> int:
        return table.seconds[row_of[crew.place]][column_of[point]]

    judged = [judging.judge(crew, wanted, now=now, drive=leg, limits=limits, start=start) for crew in crews]
    told = _with_cover(judged, crews, wanted, now, limits, seconds)
    return judging.in_order(told, wanted), table.method


def _with_cover(
    judged: list[Proposal], crews: Sequence[Crew], wanted: Wanted, now: datetime, limits: Limits,
    seconds: covering.Seconds,
) -> list[Proposal]:  # fmt: skip
    """Sectors that would be left without one of the crew's skills, for those that could be sent and are free now."""
    skills = sorted({skill for crew in crews for skill in crew.skills})
    helpers = covering.helpers(crews, at=now, seconds=seconds, limits=limits)
    free = {one.crew for one in helpers}
    before = covering.cover(helpers, skills=skills)
    told = []
    for one in judged:
        lost: list[covering.Loss] = []
        if not one.blocking and one.slot.departs <= now + limits.recall and one.crew.id in free:
            rest = [helper for helper in helpers if helper.crew != one.crew.id]
            after = covering.cover(rest, skills=sorted(one.crew.skills))
            kept = {key: reach for key, reach in before.items() if key in after}
            lost = covering.losses(kept, after, minutes=COVER_MINUTES)
        told.append(replace(one, reasons=(*one.reasons, *_uncovered(lost, one.slot.end))) if lost else one)
    return told


def _uncovered(lost: list[covering.Loss], until: datetime) -> list[Reason]:
    by_skill: dict[str, list[str]] = {}
    for loss in lost:
        by_skill.setdefault(loss.skill, []).append(loss.sector)
    by_sectors: dict[tuple[str, ...], list[str]] = {}
    for skill, sectors in by_skill.items():
        by_sectors.setdefault(tuple(sectors), []).append(skill)
    when = {"minutes": COVER_MINUTES, "until": until}
    return [
        Reason("leaves_uncovered", AGAINST, {"skills": skills, "sectors": list(sectors), **when})
        for sectors, skills in by_sectors.items()
    ]


def objections(one: Intervention, crew: UUID, *, start: datetime, now: datetime) -> list[Reason]:
    """What forbids giving it to this crew at that time: three queries, by estimation, so that it can be asked under
    locks. An overlap is the calendar's own affair."""
    rows = CrewRow.objects.filter(id=crew).select_related("organisation", "vehicle")
    facts = gathering.crews(rows, now=start, excluding=[one.id])
    wanted = gathering.wanted_of(one)
    drive = estimated(wanted.at)
    judged = [
        judging.judge(each, wanted, now=now, drive=drive, limits=gathering.limits(), start=start) for each in facts
    ]
    return [
        reason for each in judged for reason in each.reasons if reason.weight == BLOCKING and reason.code != "overlap"
    ]


def estimated(goal: LatLon) -> Drive:
    """Drives to a point by the estimation alone."""
    estimator = travel.estimation()

    def drive(crew: Crew, mission: Mission | None) -> Leg:
        table = estimator.table([mission.at if mission else crew.place], [goal])
        return Leg(table.seconds[0][0], table.metres[0][0], table.method)

    return drive
