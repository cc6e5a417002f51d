"""What a search found, as the plan's row keeps it: plain JSON, ids and times, nothing personal."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from interventions.choosing.facts import Crew
from interventions.choosing.gathering import timed, wanted_of
from interventions.choosing.judging import promise_of
from interventions.models import Intervention
from interventions.planning.searching import Found, able


def told(found: Found, rows: Mapping[UUID, Intervention], crews: Sequence[Crew], now: datetime) -> dict[str, Any]:
    """`visits` in order of crews and times, with the version that each intervention had, and whether they come `late`
    under the contract of that crew's organisation; `unserved` with why. `rows` with category and pauses."""
    by_id = {crew.id: crew for crew in crews}
    return {
        "visits": [_visit(found, rows, by_id, visit, now) for visit in found.solution.visits],
        "unserved": [*_left(found, rows), *({**_named(rows[one.wanted.id]), "why": "later"} for one in found.never)],
        "crews": len({turn.crew for turn in found.problem.turns}),
        "travel_s": found.solution.travel,
        "method": found.method,
        "from": now.isoformat(),
    }


def _visit(
    found: Found, rows: Mapping[UUID, Intervention], crews: Mapping[UUID, Crew], visit: Any, now: datetime
) -> dict[str, Any]:
    one, crew = rows[visit.job], crews[found.problem.turns[visit.turn].crew]
    start = now + timedelta(seconds=visit.start)
    promise = promise_of(crew, timed(wanted_of(one), one))
    return {
        **_named(one),
        "version": one.version,
        "crew": str(crew.id),
        "start": start.isoformat(),
        "end": (now + timedelta(seconds=visit.end)).isoformat(),
        "travel_s": visit.travel,
        "late": promise is not None and start > promise.due,
    }


def _named(one: Intervention) -> dict[str, Any]:
    return {"intervention": str(one.id), "reference": one.reference, "priority": one.priority}


def _left(found: Found, rows: Mapping[UUID, Intervention]) -> list[dict[str, Any]]:
    served = found.solution.served()
    return [
        {**_named(rows[job.id]), "why": "no_time" if able(job, found.problem.turns) else "no_crew"}
        for job in found.problem.jobs
        if job.id not in served
    ]
