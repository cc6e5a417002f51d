"""The crews of the simulated city: asked for, dispatched, driving, working and finishing, all through the public API.

One crew at a time loses its network: what it does meanwhile waits on its phone and is sent in order when it comes back.
What visitors of the demo ask for waits for them to choose a crew; the crew that one of them leads says what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import cos, hypot, radians
from typing import Any

from ondijon.simulator.desk import Agent
from ondijon.simulator.plan import MINUTE
from ondijon.simulator.stories import METRES_A_DEGREE

BRANCHES = frozenset({"lighting", "traffic_signals", "roads", "water", "green_spaces", "cleanliness", "buildings"})
MOST_MISSIONS = 36
LEFT_TO_PEOPLE = 5  # missions that wait for whoever watches the demo
PATIENCE_SECONDS = 600.0  # of the real clock: what others asked for is theirs to dispatch for so long
VISITORS = ("gaelle",)  # they may have a visitor's phone in hand: nobody else speaks for their crews
VISITORS_MISSIONS = 2  # given to such a crew, so that its phone has something to show
LOOK_SECONDS = 120.0  # of the city's clock, between two looks at the board
TELL_SECONDS = 36.0  # between two positions of a van that is out
PARKED_SECONDS = 10 * MINUTE  # of one that waits
METRES_A_SECOND = 8.0  # through town
OFFLINE_SECONDS = 60 * MINUTE  # long enough to work and finish
LEADERS = {
    "Éclairage public": "gaelle"
}  # the others' leaders have no screen in the demo: the coordinator writes it down
WAITS = {"assigned": 1.5, "accepted": 1.0, "on_site": 20.0, "done": 6.0}  # minutes in each state before the next step
NOTE = "Accès difficile, véhicule garé en amont."
OUTCOME = "Remis en état et contrôlé sur place."


@dataclass
class Van:
    """A crew's vehicle between two places. `there`: its crew is on shift; `phone`: a person's phone says where it is."""

    id: str
    lat: float
    lon: float
    told: float = -PARKED_SECONDS
    there: bool = False
    phone: bool = False

    def drive(self, lat: float, lon: float, metres: float) -> bool:
        """Move towards a place; True when it is reached."""
        north = (lat - self.lat) * METRES_A_DEGREE
        east = (lon - self.lon) * METRES_A_DEGREE * cos(radians(lat))
        far = hypot(north, east)
        share = 1.0 if far <= metres else metres / far
        self.lat, self.lon = self.lat + (lat - self.lat) * share, self.lon + (lon - self.lon) * share
        return share == 1.0


@dataclass
class Job:
    """A mission under way and when its next step is due."""

    row: dict[str, Any]
    due: float
    ticks: list[str] | None = None
    state: str = ""  # as the crew knows it; ahead of the row while it is offline
    own: bool = False  # asked for by the simulator itself

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def crew(self) -> str:
        return str((self.row["crew"] or {}).get("id", ""))

    @property
    def turn(self) -> str:
        """Missions of a crew are done in this order."""
        return str(self.row["slot_start"] or "")


@dataclass
class Fleet:
    """`step(now, cases)` does what is due at a second of the city's clock."""

    agents: dict[str, Agent]
    say: Callable[[str], None] = print
    jobs: dict[str, Job] = field(default_factory=dict)
    vans: dict[str, Van] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    looked: float = -LOOK_SECONDS
    last: float = 0.0
    visitors: set[str] = field(default_factory=set)  # crews
    offline: str = ""  # a crew
    offline_until: float = 0.0
    kept: list[tuple[Job, str, dict[str, Any]]] = field(default_factory=list)  # on its phone, in order
    lost: set[str] = field(default_factory=set)  # crews that had their hour without network

    @property
    def coordinator(self) -> Agent:
        return self.agents["farid"]

    def has(self, incident: str) -> bool:
        """Whether crews look after this incident: the desk leaves it to them."""
        return any((job.row["incident"] or {}).get("id") == incident for job in self.jobs.values())

    def step(self, now: float, incidents: Iterable[dict[str, Any]]) -> None:
        passed, self.last = max(0.0, min(now - self.last, MINUTE)), now
        if now - self.looked >= LOOK_SECONDS:
            self.looked = now
            self.look(now)
            self.ask(now, incidents)
            self.dispatch(now)
        if self.offline and now >= self.offline_until:
            self.back()
        self.drive(now, passed)
        for job in [job for job in self.jobs.values() if job.due <= now]:
            self.advance(job, now)

    # the coordinator ----------------------------------------------------------------------------------------------

    def look(self, now: float) -> None:
        """Take up what is on the board, whoever put it there; forget what has left it."""
        crews = self.coordinator.get("/api/v1/crews/")
        for one in crews.json()["results"] if crews.is_success else []:
            self.meet(one["crew"], one["position"] or {})
        found = self.coordinator.get("/api/v1/interventions/", status=",".join(("proposed", *STATES)), limit=200)
        if not found.is_success:
            return
        rows = {row["id"]: row for row in found.json()["results"]}
        for gone in self.jobs.keys() - rows.keys():
            del self.jobs[gone]
        for key, row in rows.items():
            job = self.jobs.setdefault(key, Job(row, now + 2 * MINUTE, state=row["status"]))
            if not self.offline or job.crew != self.offline:
                job.row, job.state = row, row["status"]

    def meet(self, crew: dict[str, Any], place: dict[str, Any]) -> None:
        """What the board says of a crew."""
        if (crew["leader"] or {}).get("id") in {self.agents[login].id for login in VISITORS}:
            self.visitors.add(crew["id"])
        if not crew["vehicle"]:
            return
        at = place.get("lat", crew["base_lat"]), place.get("lon", crew["base_lon"])
        van = self.vans.setdefault(crew["id"], Van(crew["vehicle"], *at))
        van.there = any(shift["kind"] == "planned" and holds(shift) for shift in crew["shifts"])
        van.phone = place.get("source") == "phone"

    def ask(self, now: float, incidents: Iterable[dict[str, Any]]) -> None:
        """Ask for work where the desk has found that hands are needed."""
        for incident in incidents:
            wanted = incident["status"] == "qualified" and incident["category"].partition(".")[0] in BRANCHES
            if wanted and incident["id"] not in self.asked and len(self.jobs) < MOST_MISSIONS:
                self.asked.add(incident["id"])
                answer = self.coordinator.post("/api/v1/interventions/", {"incident": incident["id"]})
                if answer.is_success:
                    self.jobs[answer.json()["id"]] = Job(answer.json(), now + 3 * MINUTE, state="proposed", own=True)

    def dispatch(self, now: float) -> None:
        """Give the oldest ones to the crew that the post proposes first; leave some to whoever watches."""
        waiting = [job for job in self.jobs.values() if job.row["status"] == "proposed"]
        free = [job for job in waiting if job.own or older_than(job.row["created_at"], PATIENCE_SECONDS)]
        free.sort(key=lambda job: (job.row["priority"], job.row["created_at"]))
        for job in free[: max(0, len(free) - LEFT_TO_PEOPLE)]:
            if job.due <= now and not self.assign(job, now):
                job.due = now + 20 * MINUTE

    def assign(self, job: Job, now: float) -> bool:
        judged = self.coordinator.post(f"/api/v1/interventions/{job.id}/proposals/", {})
        found = judged.json()["results"] if judged.is_success else []
        fit = [one["crew"]["id"] for one in found if one["verdict"] in ("fit", "possible")]
        chosen = next((crew for crew in fit if crew not in self.visitors or self.wants_more(crew)), None)
        if chosen is None:
            return False
        path = f"/api/v1/interventions/{job.id}/assign/"
        answer = self.coordinator.post(path, {"crew": chosen}, version=job.row["version"])
        if answer.is_success:
            job.row, job.state, job.due = answer.json(), "assigned", now + WAITS["assigned"] * MINUTE
        return answer.is_success

    def wants_more(self, crew: str) -> bool:
        return sum(job.crew == crew for job in self.jobs.values()) < VISITORS_MISSIONS

    # crews --------------------------------------------------------------------------------------------------------

    def advance(self, job: Job, now: float) -> None:
        """The next step of one mission, if it is the simulator's to take."""
        job.due = now + MINUTE / 4
        if job.crew in self.visitors:
            return
        if job.state == "assigned" and job.crew != self.offline:  # a phone without network hears of nothing new
            self.tell(job, "accept", {}, now)
        elif job.state == "accepted" and self.is_next(job):
            self.tell(job, "depart", {}, now)
        elif job.state == "on_site":
            self.work(job, now)
        elif job.state == "done" and job.crew != self.offline:
            self.verify(job)

    def is_next(self, job: Job) -> bool:
        """Whether its crew is free, and this the first thing that it has to do."""
        others = [other for other in self.jobs.values() if other.crew == job.crew and other is not job]
        busy = any(other.state in ("en_route", "on_site") for other in others)
        return not busy and all(other.turn >= job.turn for other in others if other.state == "accepted")

    def work(self, job: Job, now: float) -> None:
        """The checklist, a word and the end."""
        if job.ticks is None:
            detail = self.coordinator.get(f"/api/v1/interventions/{job.id}/")
            items = detail.json()["checklist"] if detail.is_success else []
            job.ticks = [item["key"] for item in items if not item.get("done")]
            self.tell(job, "note", {"text": NOTE}, now)
        elif job.ticks:
            self.tell(job, "tick", {"item": job.ticks.pop(0)}, now)
            job.due = now + 4 * MINUTE
        else:
            self.tell(job, "finish", {"outcome": OUTCOME, "left_out": "Contrôle visuel."}, now)

    def verify(self, job: Job) -> None:
        path = f"/api/v1/interventions/{job.id}/verify/"
        self.coordinator.post(path, {"note": "Photo conforme.", "resolve": True}, version=job.row["version"])
        self.jobs.pop(job.id, None)

    def drive(self, now: float, passed: float) -> None:
        """Move the vans that are on their way; and where they all are, as their trackers tell it."""
        out = set()
        for job in list(self.jobs.values()):
            van = self.vans.get(job.crew)
            if van is None or job.state not in ("en_route", "on_site"):
                continue
            out.add(job.crew)
            there = van.drive(job.row["lat"], job.row["lon"], METRES_A_SECOND * passed)
            if there and job.state == "en_route" and job.crew not in self.visitors:
                self.tell(job, "arrive", {}, now)
        self.place(now, out)

    def place(self, now: float, out: set[str]) -> None:
        """A van without network, or with a phone that speaks for it, says nothing here."""
        fixes, at = [], datetime.now(UTC).isoformat()
        for crew, van in self.vans.items():
            silent = crew == self.offline or van.phone or not (van.there or crew in out)
            if not silent and now - van.told >= (TELL_SECONDS if crew in out else PARKED_SECONDS):
                van.told = now
                fixes.append({"vehicle": van.id, "lat": round(van.lat, 5), "lon": round(van.lon, 5), "at": at})
        if fixes:
            self.coordinator.post("/api/v1/positions/", {"positions": fixes})

    def tell(self, job: Job, act: str, words: dict[str, Any], now: float) -> None:
        """What the crew says: at once, or kept on its phone while it has no network."""
        if act == "depart" and not self.offline and job.crew not in self.lost:
            self.lost.add(job.crew)
            self.offline, self.offline_until = job.crew, now + OFFLINE_SECONDS
            self.say(f"{job.row['crew']['name']} has no network")
        job.state = AFTER.get(act, job.state)
        job.due = now + WAITS.get(job.state, 1.0) * MINUTE
        said = {**words, "at": datetime.now(UTC).isoformat()}
        if job.crew == self.offline:
            self.kept.append((job, act, said))
        elif not self.send(job, act, said):
            self.jobs.pop(job.id, None)  # somebody else took it over: the next look says how it stands

    def send(self, job: Job, act: str, body: dict[str, Any]) -> bool:
        leader = self.agents[LEADERS.get((job.row["organisation"] or {}).get("name", ""), "farid")]
        version = job.row["version"] if act in AFTER else None
        answer = leader.post(f"/api/v1/interventions/{job.id}/{act}/", body, version=version)
        if answer.is_success:
            job.row = answer.json()
        return answer.is_success

    def back(self) -> None:
        """The network is there again: everything goes out in order."""
        name = next((job.row["crew"]["name"] for job in self.jobs.values() if job.crew == self.offline), "a crew")
        sent = [(job, self.send(job, act, body)) for job, act, body in self.kept]
        for job, taken in sent:
            if not taken:
                self.jobs.pop(job.id, None)
        self.say(f"{name} is back: {sum(taken for _job, taken in sent)} of {len(sent)} taken")
        self.offline, self.kept = "", []


def holds(shift: dict[str, Any]) -> bool:
    """Whether a shift is under way."""
    return datetime.fromisoformat(shift["starts_at"]) <= datetime.now(UTC) < datetime.fromisoformat(shift["ends_at"])


def older_than(said: str, seconds: float) -> bool:
    """Whether an instant (ISO 8601) lies so far back."""
    return (datetime.now(UTC) - datetime.fromisoformat(said)).total_seconds() > seconds


STATES = ("assigned", "accepted", "en_route", "on_site", "done")
AFTER = {"accept": "accepted", "depart": "en_route", "arrive": "on_site", "finish": "done"}
