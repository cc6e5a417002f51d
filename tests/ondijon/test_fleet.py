"""The simulated crews on the real post: they drive, arrive, work and finish; one loses its network and comes back."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from access.demo import load_people
from access.roles import Role
from incidents.services.handling import clock
from interventions import services
from interventions.demo import load_means
from interventions.events import Arrived, Finished
from interventions.models import Crew, Intervention, Position, Shift
from journal.events import decode
from journal.models import Entry
from journal.verification import verify
from ondijon.simulator import fleet as fleet_module
from ondijon.simulator.desk import Agent
from ondijon.simulator.fleet import LEFT_TO_PEOPLE, WAITS, Fleet, Van
from ondijon.simulator.plan import MINUTE
from tests import cast
from tests.conftest import Server

PEOPLE = ("farid", "gaelle")
STEP_SECONDS = 30.0
HOUR = timedelta(hours=1)


@pytest.fixture
def fleet(server: Server) -> Iterator[Fleet]:
    """Everybody is on shift; work waits for three trades."""
    load_people()
    load_means()
    Shift.objects.all().delete()
    now = clock()
    Shift.objects.bulk_create(
        [Shift(crew=crew, starts_at=now - HOUR, ends_at=now + 8 * HOUR) for crew in Crew.objects.all()]
    )
    agents = {login: Agent(server.url, login=login) for login in PEOPLE}
    for agent in agents.values():
        agent.enter()
    lines: list[str] = []
    made = Fleet(agents, say=lines.append)
    made.lines = lines  # type: ignore[attr-defined]  # for the test to read
    yield made
    for agent in agents.values():
        agent.close()


def waiting(number: int) -> list[dict[str, Any]]:
    trades = ("roads.pothole", "cleanliness.litter", "traffic_signals.flashing")
    rows = []
    for n in range(number):
        one = cast.incident(status="qualified", category=trades[n % 3], lat=47.32 + n / 1000, title=f"n° {n}")
        rows.append({"id": str(one.id), "status": "qualified", "category": one.category_id})
    return rows


def test_crews_drive_work_and_finish_and_one_without_network_comes_back(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WAITS, "on_site", 2.0)
    monkeypatch.setattr(fleet_module, "OFFLINE_SECONDS", 45 * MINUTE)
    said: list[str] = fleet.lines  # type: ignore[attr-defined]
    rows, now = waiting(LEFT_TO_PEOPLE + 3), 0.0
    verified = Intervention.objects.filter(status="verified").select_related("crew__vehicle")
    while now < 3 * HOUR.total_seconds() and not (verified.count() == 3 and any("is back" in line for line in said)):
        now += STEP_SECONDS
        fleet.step(now, rows)
    done = list(verified)
    assert len(done) == 3, Counter(Intervention.objects.values_list("status", flat=True))
    assert Intervention.objects.filter(status="proposed").count() == LEFT_TO_PEOPLE

    back = next(line for line in said if "is back" in line)
    name, _words, numbers = back.partition(" is back: ")
    taken, _of, kept = numbers.removesuffix(" taken").split(" ")
    assert taken == kept
    assert int(kept) >= 5, "it went, arrived, worked and finished without network"
    _told_once_and_in_order(name)

    van = next(one.crew.vehicle for one in done if one.crew and one.crew.vehicle)
    assert Position.objects.filter(vehicle=van).values("lat", "lon").distinct().count() > 3, "it was seen on its way"
    assert verify().broken is None


def _told_once_and_in_order(name: str) -> None:
    """Of the crew that was off: its own times in order, its arrival once, and heard later than it happened."""
    one = Intervention.objects.filter(crew__name=name, status="verified").order_by("done_at").first()
    assert one is not None
    entries = list(Entry.objects.filter(about=one.id).order_by("seq"))
    events = [(entry.at, decode(entry.kind, entry.data)) for entry in entries]
    times = [event.at for _heard, event in events if hasattr(event, "at")]
    assert all(before <= after for before, after in pairwise(times))
    heard = {type(event): (at, event.at) for at, event in events if isinstance(event, Arrived | Finished)}
    assert sum(isinstance(event, Arrived) for _at, event in events) == 1
    arrived, finished = heard[Arrived], heard[Finished]
    assert arrived[0] > finished[1], "the arrival was heard of after the work was over"


def test_what_visitors_ask_for_and_the_crew_that_one_leads_are_left_to_them(fleet: Fleet) -> None:
    farid = fleet.agents["farid"]
    incident = cast.incident(status="qualified", category="lighting.street_light_out")
    theirs = farid.post("/api/v1/interventions/", {"incident": str(incident.id)}).json()
    crew = Crew.objects.get(leader__login="gaelle")
    chosen = services.propose(
        by=cast.person(Role.INTERVENTION_COORDINATOR),
        ask=services.Ask(incident=cast.incident(status="qualified").id),
    )
    services.assign(intervention_id=chosen.id, by=cast.person(Role.INTERVENTION_COORDINATOR), crew=crew.id)
    now = 0.0
    for _step in range(30):
        now += STEP_SECONDS
        fleet.step(now, [])
    states = dict(Intervention.objects.values_list("id", "status"))
    assert {str(key): state for key, state in states.items()} == {theirs["id"]: "proposed", str(chosen.id): "assigned"}


def test_a_van_gets_there_and_no_further() -> None:
    van = Van("v", 47.32, 5.04)
    steps = 0
    while not van.drive(47.33, 5.05, 100.0):
        steps += 1
    assert 11 < steps < 15
    assert (van.lat, van.lon) == (47.33, 5.05)
