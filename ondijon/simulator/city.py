"""The city's day as it reaches the post, and the people who deal with it: who does what, when, through which client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4, uuid5

from ondijon.simulator.desk import Agent, CitizensApp
from ondijon.simulator.fleet import Fleet, older_than
from ondijon.simulator.plan import BEGINS, MINUTE, Fate, Telling, fate_of

LEAST_OPEN, MOST_OPEN = 32, 58
FILLING_SECONDS = 0.4  # between two reports while the picture is still empty
IDLE_SECONDS = 0.5
LOOK_SECONDS = 45.0  # between two looks at what else is open
STRANGER_MINUTES = 10  # what others declare is theirs for so long
AGAIN_MINUTES = 5
OPEN = ("declared", "qualified", "in_progress")
TAKERS = {
    "phone": "amandine",
    "citizen": "amandine",
    "video": "bastien",
    "police": "chloe",
    "building_alarm": "damien",
    "sensor": "elodie",
    "transit": "hugo",
    "crew": "farid",
}
SOURCES = {"police": "operator"}  # the others' channel is the source's name
AGENTS = ("amandine", "bastien", "chloe", "damien", "elodie", "farid", "gaelle", "hugo")
DOERS = {"public_safety": "chloe", "lighting": "gaelle", "mobility": "hugo", "buildings": "damien"}
CHIEFS = {"public_safety": "chloe", "buildings": "damien"}


@dataclass
class Case:
    """An incident that the simulator deals with, and when its next step is due (city's clock)."""

    row: dict[str, Any]
    fate: Fate
    due: float
    original: UUID | None = None
    assigned: bool = False
    noted: bool = False

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def branch(self) -> str:
        return str(self.row["category"]).partition(".")[0]


@dataclass
class City:
    """`step(now)` does everything that is due at a second of the city's clock; `run` drives it by the real clock."""

    plan: Iterator[Telling]
    agents: dict[str, Agent]
    app: CitizensApp | None = None
    speed: float = 12.0
    say: Callable[[str], None] = print
    fleet: Fleet | None = None
    cases: dict[str, Case] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)  # telling → incident, for twins
    upcoming: Telling | None = None
    session: UUID = field(default_factory=uuid4)  # the same plan told again tells of new things
    told: int = 0
    acts: int = 0

    # the clock ----------------------------------------------------------------------------------------------------

    def run(self, *, seconds: float | None = None, clock: Callable[[], float] = time.monotonic,
            sleep: Callable[[float], None] = time.sleep) -> None:  # fmt: skip
        """Live until interrupted, or for so many real seconds."""
        began, now, looked = clock(), BEGINS, -LOOK_SECONDS
        self.enter()
        last = clock()
        while seconds is None or clock() - began < seconds:
            if clock() - looked > LOOK_SECONDS:
                looked = clock()
                self.look(now)
                self.say(f"{now % 86_400 / 3_600:05.2f} h: {self.told} told, {self.acts} acts, {self.open_count} open")
            now += (clock() - last) * self.speed
            last = clock()
            busy = self.step(now)
            if self.fleet is not None:
                self.fleet.step(now, [case.row for case in self.cases.values()])
            if self.open_count < LEAST_OPEN:
                now = max(now, self.next_telling().at)  # nothing to look at yet: the city's clock jumps ahead
                sleep(FILLING_SECONDS)
            elif not busy:
                sleep(IDLE_SECONDS)

    def step(self, now: float) -> bool:
        """Take the next report that is due, then the step of one case. False when there was nothing to do."""
        busy = False
        if self.next_telling().at <= now:
            telling, self.upcoming = self.next_telling(), None
            if self.open_count < MOST_OPEN + 8:  # beyond, the lines are busy and callers give up
                self.tell(telling, now)
            busy = True
        case = self.most_urgent(now)
        if case is not None:
            self.act(case, now)
            busy = True
        return busy

    def next_telling(self) -> Telling:
        if self.upcoming is None:
            self.upcoming = next(self.plan)
        return self.upcoming

    @property
    def open_count(self) -> int:
        return sum(case.row["status"] in OPEN for case in self.cases.values())

    def most_urgent(self, now: float) -> Case | None:
        """The case whose step is due longest. Nothing is finished while little is open; all hurry when too much is."""
        few, many = self.open_count <= LEAST_OPEN, self.open_count >= MOST_OPEN
        ready = [case for case in self.cases.values() if (many or case.due <= now) and not (few and finishing(case))]
        ready = [case for case in ready if not self.with_crews(case)]
        if many:
            ready.sort(key=lambda case: (case.row["status"] != "in_progress", case.due))
        return min(ready, key=lambda case: case.due) if ready and not many else next(iter(ready), None)

    def with_crews(self, case: Case) -> bool:
        """Whether a crew is at it: then the desk only closes what they have resolved."""
        underway = case.row["status"] in ("qualified", "in_progress")
        return underway and self.fleet is not None and self.fleet.has(case.id)

    # citizens and call takers -------------------------------------------------------------------------------------

    def enter(self) -> None:
        for agent in self.agents.values():
            agent.enter()

    def leave(self) -> None:
        for client in (*self.agents.values(), *([self.app] if self.app else [])):
            client.close()

    def tell(self, telling: Telling, now: float) -> None:
        """Bring one report to the post by its own channel."""
        self.told += 1
        original = self.ids.get(telling.twin_of) if telling.twin_of is not None else None
        if telling.channel == "phone" and original in self.cases and self.add_report(str(original), telling):
            return
        row = self.by_app(telling) if telling.channel == "citizen" and self.app else self.by_agent(telling)
        if row is not None:
            self.ids[telling.number] = str(row["id"])
            same = UUID(original) if original else None
            self.cases[str(row["id"])] = Case(row, telling.fate, now + telling.fate.qualify * MINUTE, original=same)

    def by_agent(self, telling: Telling) -> dict[str, Any] | None:
        channel = telling.channel if telling.channel in TAKERS else "phone"
        body: dict[str, Any] = {
            "id": self.key(telling, "id"), "category": telling.category, "lat": telling.lat, "lon": telling.lon,
            "address": telling.address, "description": telling.words, "source": SOURCES.get(channel, channel),
            "title": telling.title,
        }  # fmt: skip
        if channel == "phone":
            body |= {"reporter_name": telling.name, "reporter_phone": telling.phone}
        answer = self.agents[TAKERS[channel]].post("/api/v1/incidents/", body, key=self.key(telling, "declare"))
        return answer.json() if answer.is_success else None

    def by_app(self, telling: Telling) -> dict[str, Any] | None:
        """Through Open311; then the row as the desks see it."""
        first, last = telling.name.split(" ", 1)
        form = {
            "service_code": telling.category, "lat": str(telling.lat), "long": str(telling.lon),
            "address_string": telling.address, "description": telling.words, "first_name": first, "last_name": last,
            "email": telling.email,
        }  # fmt: skip
        answer = self.app.report(form, key=self.key(telling, "open311")) if self.app else None
        if answer is None or not answer.is_success:
            return self.by_agent(telling)  # a category that the app does not offer: they telephone
        reference = answer.json()[0]["service_request_id"]
        found = self.agents["amandine"].get("/api/v1/incidents/", q=reference, limit=5)
        rows = found.json()["results"] if found.is_success else []
        return next((row for row in rows if row["reference"] == reference), None)

    def add_report(self, incident: str, telling: Telling) -> bool:
        """The call taker sees that it is known and adds the report to it. False when it is over meanwhile."""
        body = {
            "id": self.key(telling, "id"), "source": "phone", "description": telling.words, "lat": telling.lat,
            "lon": telling.lon, "address": telling.address, "reporter_name": telling.name,
            "reporter_phone": telling.phone,
        }  # fmt: skip
        path = f"/api/v1/incidents/{incident}/reports/"
        answer = self.agents["amandine"].post(path, body, key=self.key(telling, "report"))
        if answer.is_success:
            self.cases[incident].row = answer.json()
        return answer.is_success

    def key(self, telling: Telling, what: str) -> str:
        """The id or key of one write: repeated calls carry the same one."""
        return str(uuid5(self.session, f"{telling.number}:{what}"))

    # agents -------------------------------------------------------------------------------------------------------

    def act(self, case: Case, now: float) -> None:
        """Do the next step of a case; when the post refuses, look again, and let go of what others took over."""
        login, act, body, wait = next_step(case)
        answer = self.agents[login].post(f"/api/v1/incidents/{case.id}/{act}/", body, version=case.row["version"])
        self.acts += 1
        case.due = now + wait * MINUTE
        if answer.is_success and act != "comments":
            case.row = answer.json()
        elif answer.is_success:
            self.look_again(case)
        elif answer.status_code in (409, 412):  # others were quicker, or the twin's original is over
            case.original, case.due = None, now + AGAIN_MINUTES * MINUTE
            self.look_again(case)
        else:
            self.cases.pop(case.id, None)
        if case.row["status"] in ("closed", "cancelled", "merged"):
            self.cases.pop(case.id, None)

    def look_again(self, case: Case) -> None:
        answer = self.agents["amandine"].get(f"/api/v1/incidents/{case.id}/")
        if answer.is_success:
            case.row = {**answer.json(), "reports": len(answer.json()["reports"])}
        else:
            self.cases.pop(case.id, None)

    def look(self, now: float) -> None:
        """Take up what is open and nobody works on: from before a restart, or declared by others a while ago."""
        answer = self.agents["farid"].get("/api/v1/incidents/", open="1", limit=200)
        patience = STRANGER_MINUTES * MINUTE if self.cases else 0.0  # at the start all that is open is taken up
        for row in answer.json()["results"] if answer.is_success else []:
            if row["id"] not in self.cases and older_than(row["declared_at"], patience):
                rng = Random(row["reference"])  # noqa: S311  a simulation, no secret
                self.cases[row["id"]] = Case(row, fate_of(rng), now + rng.uniform(1, 60) * MINUTE)


def finishing(case: Case) -> bool:
    """Whether the next step would take it off the open list."""
    if case.original or case.fate.cancelled:
        return bool(case.row["status"] in OPEN)
    return bool(case.row["status"] == "in_progress" and (case.noted or not case.fate.note))


def next_step(case: Case) -> tuple[str, str, dict[str, Any], float]:
    """(who, act, body, minutes until the step after)."""
    row, fate = case.row, case.fate
    doer = DOERS.get(case.branch, "farid")
    if row["status"] == "declared" and case.original:
        return "amandine", "merge", {"into": str(case.original)}, 0
    if row["status"] == "declared":
        body = {"priority": row["priority"], "category": row["category"]}
        return qualifier(row), "qualify", body, fate.assign
    if fate.cancelled and row["status"] in OPEN:
        return "farid", "cancel", {"reason": "Rien constaté sur place."}, 0
    if row["status"] == "qualified" and not case.assigned and row["organisation"]:
        case.assigned = True
        return CHIEFS.get(case.branch, "farid"), "assign", {"organisation": row["organisation"]["id"]}, fate.start
    if row["status"] == "qualified":
        return doer, "start", {}, fate.resolve / 2
    if row["status"] == "in_progress" and fate.note and not case.noted:
        case.noted = True
        return doer, "comments", {"text": fate.note}, fate.resolve / 2
    if row["status"] == "in_progress":
        return doer, "resolve", {"outcome": fate.outcome}, fate.close
    return CHIEFS.get(case.branch, "hugo" if doer == "hugo" else "farid"), "close", {}, 0


def qualifier(row: dict[str, Any]) -> str:
    return DOERS.get(str(row["category"]).partition(".")[0], "amandine").replace("gaelle", "elodie")
