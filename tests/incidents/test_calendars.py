"""Calendars by Paris time: across clock changes, on public and school holidays, at the edges of office hours."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from incidents.calendars import calendars_at, seasons_at
from incidents.policies import Facts, Frozen, Step, next_due

PARIS = ZoneInfo("Europe/Paris")


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23T08:00", "always office"),
        ("2026-11-23T07:59", "always outside"),
        ("2026-11-23T17:59", "always office"),
        ("2026-11-23T18:00", "always outside"),
        ("2026-11-23T20:00", "always outside night"),
        ("2026-11-24T05:59", "always outside night"),
        ("2026-11-24T06:00", "always outside"),
        ("2026-11-28T10:00", "always outside"),  # Saturday
        ("2026-11-11T10:00", "always outside holiday"),
        ("2026-05-14T10:00", "always outside holiday"),  # Ascension
        ("2026-12-24T10:00", "always office school"),
        ("2026-12-25T10:00", "always outside holiday school"),
        ("2027-01-04T10:00", "always office"),
        ("2026-03-29T03:30", "always outside night"),  # the hour after the one that does not exist
        ("2026-10-25T02:30", "always outside night school"),  # an hour that happens twice
    ],
)
def test_calendars(at: str, expected: str) -> None:
    assert calendars_at(paris(at)) == frozenset(expected.split())
    assert calendars_at(paris(at).astimezone(UTC)) == frozenset(expected.split())


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-01-10", "winter"), ("2026-03-16", ""), ("2026-11-15", "winter"), ("2026-07-01", "summer")],
)
def test_seasons(at: str, expected: str) -> None:
    assert seasons_at(paris(f"{at}T12:00")) == frozenset(["all", *expected.split()])


@pytest.mark.parametrize("change", ["2026-03-29T00:30", "2026-10-25T00:30"])
def test_a_step_is_so_much_later_whatever_the_clock_on_the_wall_does(change: str) -> None:
    frozen = Frozen(key="x", name="x", steps=(Step(after=3 * 3600, act="crisis"),))
    since = paris(change)
    due = next_due(frozen, done=0, since=since)
    assert due is not None
    assert due.astimezone(UTC) - since.astimezone(UTC) == timedelta(hours=3)


def test_the_narrowest_policy_wins() -> None:
    owner = uuid4()
    incident = Facts("lighting.cabinet_failure", "P2", "21231", owner)
    wide = Frozen(key="a", name="a")
    candidates = [
        Frozen(key="b", name="b", priorities=("P2",)),
        Frozen(key="c", name="c", calendar="night"),
        Frozen(key="d", name="d", communes=("21231",)),
        Frozen(key="e", name="e", organisation=owner),
        Frozen(key="f", name="f", category="lighting"),
        Frozen(key="g", name="g", category="lighting.cabinet_failure"),
    ]
    night = frozenset({"always", "outside", "night"})
    assert all(one.fits(incident, night) for one in (wide, *candidates))
    order = sorted([*reversed(candidates), wide], key=lambda one: one.narrowness)
    assert [one.key for one in order] == ["a", "b", "c", "d", "e", "f", "g"]
    for other in ({"priorities": ("P1",)}, {"communes": ("21166",)}, {"category": "light"}, {"calendar": "office"}):
        assert not Frozen(key="z", name="z", **other).fits(incident, night), other
