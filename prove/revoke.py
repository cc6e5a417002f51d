"""A lost right closes open screens in time, and nothing recorded after the loss reaches them.

People follow a busy journal through two live servers. Then each loses its right in one of eight ways: the duty is ended
or runs out, the person is disabled, the sessions are ended, the password changed, the session is gone without a word,
the machine's client is revoked, or one of two communes is taken away (that screen stays, and loads again). Once with
Redis and once without. With --sabotage the live servers check rights only when a screen comes in.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connections
from websockets.exceptions import ConnectionClosed

from access import keys, services
from access.models import Client, Duty, Organisation, Person, Session
from access.roles import Role
from incidents import services as incidents
from journal.models import Entry
from journal.services import writing
from prove import Args, Post, Result, progress, quantile, step
from prove._callers import bearer
from prove._screens import Screen, session_of
from prove.cursor import SPOTS, sabotage

SIZE, SMALL = 6, 1
PLAN = {"web": 1, "live": 2, "workers": 0, "beat": 0}
PROMISED_SECONDS = 5.0
PATIENCE_SECONDS = 9.0
SETTLE_SECONDS = 1.0
RUNS_OUT = timedelta(seconds=4)
DIJON, CHENOVE = "21231", "21166"
GOODBYE = (4401, 4403)


@dataclass(eq=False)
class Case(threading.Thread):
    """One screen, and how it is to lose its right."""

    way: str
    person: Person
    duty: Duty
    session: str
    token: dict[str, str] = field(default_factory=dict)
    frames: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    code: int = 0
    closed_at: float = 0.0
    lost_at: float = 0.0
    lost_seq: int = 0
    lost_moment: datetime | None = None
    opened: bool = False
    over: bool = False

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def follow(self, url: str, origin: str) -> None:
        options: dict[str, Any] = {"session": self.session, "origin": origin}
        if self.token:
            options = {"session": "", "origin": None, "additional_headers": self.token}
        self.screen = Screen(url, **options)
        self.opened = self.screen.read() is not None
        self.start()

    def run(self) -> None:
        while not self.over:
            try:
                frame = self.screen.read(0.2)
            except ConnectionClosed as closed:
                self.code = closed.rcvd.code if closed.rcvd else 1006
                self.closed_at = time.monotonic()
                return
            if frame is not None:
                self.frames.append((time.monotonic(), frame))
        self.screen.close()

    @property
    def stays(self) -> bool:
        return self.way == "one commune taken away"

    @property
    def answered_at(self) -> float:
        """When the loss showed: the goodbye, or for a screen that stays the order to load again. 0: never."""
        resets = (at for at, frame in self.frames if frame["type"] == "reset")
        return next(resets, 0.0) if self.stays else self.closed_at

    def leaks(self) -> int:
        """Entries it was sent that were recorded after its loss and that it could no longer see."""
        entries = [entry for _at, frame in self.frames for entry in frame.get("entries", ())]
        if self.stays:
            return sum(e["seq"] > self.lost_seq and e["data"]["row"]["commune"] == CHENOVE for e in entries)
        if self.lost_moment is not None:
            return sum(datetime.fromisoformat(entry["at"]) >= self.lost_moment for entry in entries)
        return sum(entry["seq"] > self.lost_seq for entry in entries)


class Writer(threading.Thread):
    """Something happens in both communes all the time."""

    def __init__(self, by: Person) -> None:
        super().__init__(daemon=True)
        self.by, self.over, self.written = by, False, 0

    def run(self) -> None:
        while not self.over:
            for lat, lon in SPOTS:
                draft = incidents.Draft(category="lighting.street_light_out", lat=lat, lon=lon)
                incidents.declare(by=self.by, draft=draft)
                self.written += 1
            time.sleep(0.02)
        connections.close_all()


def run(post: Post, args: Args) -> Result:
    if args.sabotage:
        sabotage(post, "trusting")
    operator = somebody("operator", Role.CALL_TAKER)
    writer = Writer(operator)
    writer.start()
    cases = trials(post, args.n, "with Redis")
    if post.valkey is not None:
        post.valkey.kill()
        cases += trials(post, args.n, "without Redis")
        post.valkey.start()
    writer.over = True
    writer.join(10)
    return judge(cases, writer.written)


def trials(post: Post, n: int, title: str) -> list[Case]:
    step(title)
    made = [case for number in range(n) for case in cases_of(post, f"{title.replace(' ', '-').lower()}-{number}")]
    for number, case in enumerate(made):
        case.follow(post.live_urls[number % len(post.live_urls)], post.origins()[0])
    time.sleep(SETTLE_SECONDS)
    random.Random(n).shuffle(made)
    for case in progress(made, "losses"):
        WAYS[case.way](case)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not all(case.answered_at for case in made):
        time.sleep(0.05)
    time.sleep(SETTLE_SECONDS)  # whatever leaks must have the time to
    for case in made:
        case.over = True
        case.join(5)
    return made


def cases_of(post: Post, name: str) -> Iterator[Case]:
    for number, way in enumerate(WAYS):
        login = f"{name}-{number}"
        if way == "client revoked":
            token = bearer(post.web_urls[0], login)
            person = Person.objects.get(login=login)
            yield Case(way, person, Duty.objects.get(person=person), "", token)
            continue
        if way == "one commune taken away":
            person = somebody(login, Role.COMMUNE_OFFICER, "commune-21231", (DIJON,))
            duty = services.give_duty(
                person=person, role=Role.COMMUNE_OFFICER, organisation=person.organisation, by=None, communes=(CHENOVE,)
            )
        else:
            person = somebody(login, Role.CALL_TAKER)
            duty = Duty.objects.get(person=person)
        yield Case(way, person, duty, session_of(person))


def somebody(login: str, role: Role, home: str = "dijon-metropole", communes: tuple[str, ...] = ()) -> Person:
    organisation = Organisation.objects.get(key=home)
    with writing(None):
        person = services.create_person(login=login, name=login, organisation=organisation, by=None)
        services.give_duty(person=person, role=role, organisation=organisation, by=None, communes=communes)
    return person


# ways to lose a right ------------------------------------------------------------------------------------------------


def recorded(act: Callable[[Case], object]) -> Callable[[Case], None]:
    """A loss that the journal knows: from its first entry on, nothing more may come."""

    def lose(case: Case) -> None:
        before = Entry.objects.filter(about=case.person.id).order_by("-seq").values_list("seq", flat=True).first() or 0
        act(case)
        case.lost_at = time.monotonic()
        later = Entry.objects.filter(about=case.person.id, seq__gt=before).order_by("seq")
        case.lost_seq = later.values_list("seq", flat=True)[0]

    return lose


def run_out(case: Case) -> None:
    """The duty's end comes by itself, some seconds from now by the database's clock."""
    ends = datetime.now(UTC) + RUNS_OUT
    Duty.objects.filter(id=case.duty.id).update(valid_until=ends)
    services.tell_access_changed(case.person.id)
    case.lost_moment, case.lost_at = ends, time.monotonic() + RUNS_OUT.total_seconds()


def vanish(case: Case) -> None:
    """Nobody is told: the screen is closed at the next regular check, and what is recorded after the promise is late."""
    Session.objects.filter(session_key=case.session).delete()
    case.lost_at = time.monotonic()
    case.lost_moment = datetime.now(UTC) + timedelta(seconds=PROMISED_SECONDS)


WAYS: dict[str, Callable[[Case], None]] = {
    "duty ended": recorded(lambda case: services.end_duty(duty_id=case.duty.id, by=None)),
    "duty runs out": run_out,
    "disabled": recorded(lambda case: services.set_active(person=case.person, active=False, by=None)),
    "sessions ended": recorded(lambda case: services.end_sessions(person=case.person, by=case.person)),
    "password changed": recorded(
        lambda case: services.set_password(person=case.person, password="another one, long enough", by=None)
    ),
    "session gone": vanish,
    "client revoked": recorded(
        lambda case: keys.revoke_client(client_id=Client.objects.get(user=case.person).client_id, by=None)
    ),
    "one commune taken away": recorded(lambda case: services.end_duty(duty_id=case.duty.id, by=None)),
}


def judge(cases: list[Case], written: int) -> Result:
    result = Result()
    result.figures |= {"screens": len(cases), "entries_written": written}
    result.figures["entries_seen_before"] = sum(bool(case.frames) for case in cases)
    for way in WAYS:
        delays = [case.answered_at - case.lost_at for case in cases if case.way == way and case.answered_at]
        result.figures[f"seconds until it showed: {way}"] = {
            "median": quantile(delays, 0.5),
            "max": max(delays, default=-1.0),
        }
    shown = [case.answered_at - case.lost_at for case in cases if case.answered_at]
    right = [case for case in cases if (case.code in GOODBYE) != case.stays and (not case.stays or case.code == 0)]
    result.exactly("screens that followed at all", sum(bool(case.frames) and case.opened for case in cases), len(cases))
    result.exactly("screens whose loss showed", len(shown), len(cases))
    result.exactly("of them in the right way", len(right), len(cases))
    result.at_most("longest until it showed (s)", max(shown, default=PATIENCE_SECONDS), PROMISED_SECONDS + 1)
    result.exactly("entries recorded after the loss and sent", sum(case.leaks() for case in cases), 0)
    return result
