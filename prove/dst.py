"""Forty-eight hours across both Paris clock changes: every step of every escalation once, at its instant.

The database's clock is ours for the time of the proof: a schema before pg_catalog in the path answers "what time is it". It
is moved on step by step from midnight before each change to midnight two days later, and at each instant two threads sweep
what is due, as workers would. Every incident follows a policy with a step for each half hour, so that steps fall into the
hour that does not exist and into the one that happens twice; others are set aside across the change and have to come back;
and calendars are asked for what they say meanwhile.

With --sabotage a step's time is reckoned on the wall's clock instead of elapsed time.
"""

from __future__ import annotations

from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from access.roles import Role
from incidents import events, policies
from incidents.calendars import LOCAL, calendars_at
from incidents.models import Escalation, Incident, Policy, PolicyStep, StepAct
from incidents.services import Draft, declare, escalating, snooze, stepping
from incidents.services.publishing import save_policy
from journal.models import Entry
from notifications import timers
from notifications.models import Timer
from ondijon.stack.roles import APP
from prove import Args, Post, Result, progress, step
from prove._story import DIJON, SPOTS, person

SIZE, SMALL = 20, 4  # incidents for each change, and as many set aside
PLAN = {"web": 0, "live": 0, "workers": 0, "beat": 0}
CHANGES = {"spring": datetime(2026, 3, 29, tzinfo=LOCAL), "autumn": datetime(2026, 10, 25, tzinfo=LOCAL)}
HOURS, EVERY = 48, timedelta(minutes=30)
TICK = timedelta(minutes=10)
CATEGORY = "lighting.street_light_out"
CLOCK = """
create schema clock;
create table clock.face (now timestamptz not null);
insert into clock.face values (pg_catalog.now());
create function clock.statement_timestamp() returns timestamptz language sql stable as 'select now from clock.face';
create function clock.now() returns timestamptz language sql stable as 'select now from clock.face';
grant usage on schema clock to {app}; grant select, update on clock.face to {app};
alter role {app} set search_path = clock, public, pg_catalog;
"""


def run(post: Post, args: Args) -> Result:
    with post.connect("superuser") as superuser:
        superuser.execute(CLOCK.format(app=APP))
    connection.close()  # so that this process sees the clock
    if args.sabotage:
        setattr(policies, "next_due", by_the_wall)  # noqa: B010 - a fault
        for module in (escalating, stepping):
            setattr(module, "next_due", by_the_wall)  # noqa: B010
    result = Result()
    for name, day in CHANGES.items():
        across(name, day, args.n, result)
    return result


def by_the_wall(frozen: policies.Frozen, *, done: int, since: datetime) -> datetime | None:
    """As people reckon who forget that a day may have 23 hours."""
    if done >= len(frozen.steps):
        return None
    wall = since.astimezone(LOCAL).replace(tzinfo=None) + timedelta(seconds=frozen.steps[done].after)
    return wall.replace(tzinfo=LOCAL).astimezone(UTC)


def across(name: str, day: datetime, number: int, result: Result) -> None:
    """Two days from the midnight before a change, and what they leave."""
    step(f"{name}: {HOURS} hours from {day:%d %B %Y}")
    start = (day - timedelta(hours=12)).astimezone(UTC)
    move(start)
    by = person(Role.CALL_TAKER, login=f"caller-{name}")
    policy = half_hourly(name)
    made = [told(by) for _ in range(number)]
    asleep = [told(by) for _ in range(number)]
    for incident in asleep:
        snooze(incident_id=incident.id, by=by, minutes=26 * 60, reason="jusqu'après le changement d'heure")
    offices = 0
    for n in progress(range(int(timedelta(hours=HOURS) / TICK)), name):
        now = start + (n + 1) * TICK
        move(now)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _turn: swept(), range(2)))
        offices += calendars_at(now) >= {"office"}
    judge(name, start, policy, made, asleep, result)
    result.exactly(f"{name}: ticks in office hours of a Sunday's and Monday's 48 h", offices, office_ticks(start))


def office_ticks(start: datetime) -> int:
    """Counted apart from the calendars: the Monday's ten hours, as far as they lie within."""
    monday = (start.astimezone(LOCAL) + timedelta(days=2)).replace(hour=8, minute=0)
    first, last = monday.astimezone(UTC), monday.replace(hour=18).astimezone(UTC)
    instants = [start + (n + 1) * TICK for n in range(int(timedelta(hours=HOURS) / TICK))]
    return sum(first <= instant < last for instant in instants)


def half_hourly(name: str) -> Policy:
    policy = Policy(key=f"dst-{name}", name=name, category_id=CATEGORY, priorities=["P3"], calendar="always")
    steps = [PolicyStep(after=EVERY * n, act=StepAct.PRIORITY, priority="P4") for n in range(1, 2 * HOURS + 1)]
    save_policy(policy=policy, steps=steps, by=None)
    Policy.objects.filter(category=CATEGORY).exclude(id=policy.id).update(active=False)
    return policy


def told(by: Any) -> Incident:
    lat, lon = SPOTS[DIJON]
    return declare(by=by, draft=Draft(category=CATEGORY, lat=lat, lon=lon, priority="P3"))


def move(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update clock.face set now = %s", [now])


def swept() -> int:
    try:
        return timers.sweep(limit=100_000)
    finally:
        connection.close()


def judge(
    name: str, start: datetime, policy: Policy, made: list[Incident], asleep: list[Incident], result: Result
) -> None:
    end = start + timedelta(hours=HOURS)
    wanted = {(one.id, n): start + EVERY * n for one in made for n in range(1, 2 * HOURS + 1)}
    back = start + timedelta(hours=26)
    wanted |= {
        (one.id, n): back + EVERY * n for one in asleep for n in range(1, 2 * HOURS + 1) if back + EVERY * n <= end
    }
    happened: Tally[tuple[UUID, int]] = Tally()
    ids = [one.id for one in (*made, *asleep)]
    about: Any
    for about, data in Entry.objects.filter(about__in=ids, kind=events.StepTaken.kind).values_list("about", "data"):
        happened[about, msgspec.json.decode(data, type=events.StepTaken).step] += 1
    fired: Any = Timer.objects.filter(about__in=ids, fired_at__isnull=False).values_list("due_at", "fired_at")
    off = [due for due, at in fired if (due - start) % EVERY or not timedelta() <= at - due < TICK]
    result.figures |= {f"{name}_steps": sum(happened.values()), f"{name}_timers_fired": len(fired)}
    result.exactly(f"{name}: steps missed", len(wanted.keys() - happened.keys()), 0)
    result.exactly(f"{name}: steps doubled", sum(n - 1 for n in happened.values()), 0)
    result.exactly(f"{name}: steps that were not due yet", len(happened.keys() - wanted.keys()), 0)
    result.exactly(f"{name}: fired at another instant than due", len(off), 0)
    awake = Escalation.objects.filter(incident__in=asleep, turn=2).count()
    result.exactly(f"{name}: set aside and come back", awake, len(asleep))
