"""Crews and missions in any state, made straight in the database."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from access.models import Person
from incidents.models import Incident
from interventions.models import Crew, Intervention, Shift
from interventions.workflow import HELD, Status
from tests import cast

HOUR = timedelta(hours=1)


def crew(
    *, owner: str = "eclairage", leader: Person | None = None, on_shift: bool = True, **fields: Any
) -> Crew:  # fmt: skip
    """On shift from long ago to long hence, unless told otherwise."""
    lat, lon = cast.SPOTS[cast.DIJON]
    told = {"skills": ["lighting", "electricity"], "base_lat": lat, "base_lon": lon, **fields}
    made = Crew.objects.create(
        **{"name": f"Crew {uuid4().hex[:8]}", **told}, organisation=cast.organisation(owner), leader=leader
    )
    if on_shift:
        shift(made, cast.NOW - 9999 * HOUR, cast.NOW + 99_999 * HOUR)
    return made


def shift(crew: Crew, start: datetime, end: datetime, *, kind: str = "planned") -> Shift:
    return Shift.objects.create(crew=crew, kind=kind, starts_at=start, ends_at=end)


def mission(
    *, status: str = Status.PROPOSED, incident: Incident | None = None, with_crew: Crew | None = None, **fields: Any
) -> Intervention:
    """In any state; a state that a crew holds brings a crew of the lighting contractor, unless one is given."""
    of = incident or cast.incident(status="qualified")
    needs_crew = status in HELD or status in (Status.DONE, Status.VERIFIED, Status.FAILED)
    who = with_crew or (crew() if needs_crew else None)
    slot = {"slot_start": cast.NOW, "slot_end": cast.NOW + HOUR} if who and status in HELD else {}
    made = Intervention(
        **{"title": "Lampadaire éteint", "duration_minutes": 60, "priority": "P3", **slot, **fields},
        reference=f"T-{uuid4().hex[:12]}",
        incident=of,
        category=of.category,
        status=status,
        crew=who,
        organisation=who.organisation if who else None,
        lat=of.lat,
        lon=of.lon,
        commune=of.commune,
        created_at=cast.NOW,
    )
    made.audiences = made.compute_audiences()
    made.save(force_insert=True)
    return made
