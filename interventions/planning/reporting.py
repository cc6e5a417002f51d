"""What a search found, as the plan's row keeps it: plain JSON, ids and times, nothing personal."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from interventions.choosing.facts import Crew
from interventions.models import Intervention
from interventions.planning.searching import Found, able


def told(found: Found, rows: Mapping[UUID, Intervention], crews: Sequence[Crew], now: datetime) -> dict[str, Any]:
    """`visits` in order of crews and times, with the version that each intervention had; `unserved` with why."""
    return {
        "visits": [_visit(found, rows, visit, now) for visit in found.solution.visits],
        "unserved": [*_left(found, rows), *({**_named(rows[one.wanted.id]), "why": "later"} for one in found.never)],
        "crews": len({turn.crew for turn in found.problem.turns}),
        "travel_s": found.solution.travel,
        "method": found.method,
        "from": now.isoformat(),
    }


def _visit(found: Found, rows: Mapping[UUID, Intervention], visit: Any, now: datetime) -> dict[str, Any]:
    one = rows[visit.job]
    start = now + timedelta(seconds=visit.start)
    return {
        **_named(one),
        "version": one.version,
        "crew": str(found.problem.turns[visit.turn].crew),
        "start": start.isoformat(),
        "end": (now + timedelta(seconds=visit.end)).isoformat(),
        "travel_s": visit.travel,
        "late": one.response_due is not None and one.arrived_at is None and start > one.response_due,
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
