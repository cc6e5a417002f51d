"""The crews of the simulated city: asked for, dispatched, driving, working and finishing, all through the public API.

One crew at a time loses its network: what it does meanwhile waits on its phone and is sent in order when it comes back.
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
LOOK_SECONDS = 120.0  # of the city's clock, between two looks at the board
TELL_SECONDS = 36.0  # between two positions of a van
METRES_A_SECOND = 8.0  # through town
OFFLINE_SECONDS = 15 * MINUTE
LEADERS = {
    "Éclairage public": "gaelle"
}  # the others' leaders have no screen in the demo: the coordinator writes it down
WAITS = {"assigned": 1.5, "accepted": 1.0, "on_site": 20.0, "done": 6.0}  # minutes in each state before the next step
NOTE = "Accès difficile, véhicule garé en amont."
OUTCOME = "Remis en état et contrôlé sur place."


@dataclass
class Van:
    """A crew's vehicle between two places."""

    id: str
    lat: float
    lon: float
    told: float = -TELL_SECONDS

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
    """A mission under way, when its next step is due, and what waits on the crew's phone."""

    row: dict[str, Any]
    due: float
    ticks: list[str] | None = None
    waiting: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    state: str = ""  # as the crew knows it; ahead of the row while it is offline

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def crew(self) -> str:
        return str((self.row["crew"] or {}).get("id", ""))


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
    offline: str = ""  # a crew
    offline_until: float = 0.0
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
            crew, place = one["crew"], one["position"] or {}
            if crew["vehicle"] and crew["id"] not in self.vans:
                lat, lon = place.get("lat", crew["base_lat"]), place.get("lon", crew["base_lon"])
                self.vans[crew["id"]] = Van(crew["vehicle"], lat, lon)
        found = self.coordinator.get("/api/v1/interventions/", status=",".join(("proposed", *STATES)), limit=200)
        if not found.is_success:
            return
        rows = {row["id"]: row for row in found.json()["results"]}
        for gone in self.jobs.keys() - rows.keys():
            del self.jobs[gone]
        for key, row in rows.items():
            job = self.jobs.setdefault(key, Job(row, now + 2 * MINUTE, state=row["status"]))
            if not job.waiting:
                job.row, job.state = row, row["status"]

    def ask(self, now: float, incidents: Iterable[dict[str, Any]]) -> None:
        """Ask for work where the desk has found that hands are needed."""
        for incident in incidents:
            wanted = incident["status"] == "qualified" and incident["category"].partition(".")[0] in BRANCHES
            if wanted and incident["id"] not in self.asked and len(self.jobs) < MOST_MISSIONS:
                self.asked.add(incident["id"])
                answer = self.coordinator.post("/api/v1/interventions/", {"incident": incident["id"]})
                if answer.is_success:
                    self.jobs[answer.json()["id"]] = Job(answer.json(), now + 3 * MINUTE, state="proposed")

    def dispatch(self, now: float) -> None:
        """Give the oldest ones to the crew that the post proposes first; leave some to whoever watches."""
        free = [job for job in self.jobs.values() if job.row["status"] == "proposed"]
        free.sort(key=lambda job: (job.row["priority"], job.row["created_at"]))
        for job in free[: max(0, len(free) - LEFT_TO_PEOPLE)]:
            if job.due <= now and not self.assign(job, now):
                job.due = now + 20 * MINUTE

    def assign(self, job: Job, now: float) -> bool:
        judged = self.coordinator.post(f"/api/v1/interventions/{job.id}/proposals/", {})
        fit = (
            [one for one in judged.json()["results"] if one["verdict"] in ("fit", "possible")]
            if judged.is_success
            else []
        )
        if not fit:
            return False
        body = {"crew": fit[0]["crew"]["id"]}
        answer = self.coordinator.post(f"/api/v1/interventions/{job.id}/assign/", body, version=job.row["version"])
        if answer.is_success:
            job.row, job.state, job.due = answer.json(), "assigned", now + WAITS["assigned"] * MINUTE
        return answer.is_success

    # crews --------------------------------------------------------------------------------------------------------

    def advance(self, job: Job, now: float) -> None:
        """The next step of one mission, if it is the simulator's to take."""
        if job.state in ("assigned", "accepted"):
            busy = any(
                other.crew == job.crew and other.state in ("en_route", "on_site") for other in self.jobs.values()
            )
            if job.state == "assigned" or not busy:
                self.tell(job, "accept" if job.state == "assigned" else "depart", {}, now)
        elif job.state == "on_site":
            self.work(job, now)
        elif job.state == "done":
            self.verify(job)
        job.due = max(job.due, now + MINUTE / 4)

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
        """Move the vans that are on their way, and tell where they are."""
        fixes = []
        for job in self.jobs.values():
            van = self.vans.get(job.crew)
            if van is None or job.state not in ("en_route", "on_site"):
                continue
            there = van.drive(job.row["lat"], job.row["lon"], METRES_A_SECOND * passed) and job.state == "en_route"
            if now - van.told >= TELL_SECONDS and job.crew != self.offline:
                van.told = now
                at = datetime.now(UTC).isoformat()
                fixes.append({"vehicle": van.id, "lat": round(van.lat, 5), "lon": round(van.lon, 5), "at": at})
            if there:
                self.tell(job, "arrive", {}, now)
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
        said = (act, {**words, "at": datetime.now(UTC).isoformat()})
        if job.crew == self.offline:
            job.waiting.append(said)
        elif not self.send(job, *said):
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
        for job in [job for job in self.jobs.values() if job.crew == self.offline and job.waiting]:
            sent = [self.send(job, act, body) for act, body in job.waiting]
            self.say(f"{job.row['crew']['name']} is back: {sum(sent)} of {len(sent)} taken")
            job.waiting = []
            if not all(sent):
                self.jobs.pop(job.id, None)
        self.offline = ""


STATES = ("assigned", "accepted", "en_route", "on_site", "done")
AFTER = {"accept": "accepted", "depart": "en_route", "arrive": "on_site", "finish": "done"}
