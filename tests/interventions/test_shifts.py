"""Weeks that repeat, over nights and both changes of the clock, for twenty years; and rows made from them."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.roles import Role
from incidents.services.handling import clock
from interventions.models import Shift, ShiftPattern
from interventions.services import rostering
from interventions.shifts import PARIS, Week, expand, instant, span_on
from journal.errors import Invalid, NotAllowed, NotFound, Stale
from journal.models import Entry
from tests import cast
from tests.interventions import means

YEARS = range(2016, 2036)
EVERY_DAY = frozenset(range(7))


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def week(starts: str, ends: str, days: frozenset[int] = EVERY_DAY) -> Week:
    return Week(days, time.fromisoformat(starts), time.fromisoformat(ends), date(2000, 1, 1))


def hours_of(found: tuple[datetime, datetime] | None) -> float:
    assert found is not None
    return (found[1] - found[0]).total_seconds() / 3600


# (start, end, hours on an ordinary night, on the night of spring, on the night of autumn)
NIGHTS = [
    ("22:00", "06:00", 8, 7, 9),
    ("20:00", "05:00", 9, 8, 10),
    ("16:00", "07:30", 15.5, 14.5, 16.5),
    ("00:00", "00:00", 24, 24, 24),  # of Saturday: the change is on Sunday
    ("23:30", "02:30", 3, 2.5, 3),
]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(("starts", "ends", "usual", "spring", "autumn"), NIGHTS)
def test_nights_when_the_clock_changes(
    year: int, starts: str, ends: str, usual: float, spring: float, autumn: float
) -> None:
    one = week(starts, ends)
    for month, expected in ((3, spring), (10, autumn)):
        saturday = last_sunday(year, month) - timedelta(days=1)
        assert hours_of(span_on(one, saturday)) == expected
        assert hours_of(span_on(one, saturday - timedelta(days=1))) == usual


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("meet", ["02:00", "02:30", "02:59", "03:00", "01:59"])
def test_shifts_that_meet_on_the_wall_meet_in_fact(year: int, meet: str) -> None:
    """No hour without anybody and none with two, whatever the clock does."""
    for month in (3, 10):
        sunday = last_sunday(year, month)
        before, after = span_on(week("20:00", meet), sunday - timedelta(days=1)), span_on(week(meet, "12:00"), sunday)
        assert before is not None
        assert after is not None
        assert before[1] == after[0]


def test_a_time_that_does_not_occur_is_the_moment_of_the_change() -> None:
    day = date(2026, 3, 29)
    for wall in ("02:00", "02:01", "02:30", "02:59"):
        assert instant(day, time.fromisoformat(wall)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert span_on(week("02:00", "02:45"), day) is None
    assert instant(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_later_on_the_wall_is_never_earlier(day: date, one: time, two: time) -> None:
    first, second = sorted((one, two))
    assert instant(day, first) <= instant(day, second) <= instant(day + timedelta(days=1), first)
    found = span_on(week(one.isoformat(), two.isoformat()), day)
    if found is not None:
        assert timedelta(0) < found[1] - found[0] <= timedelta(hours=25)
        assert found[0] == instant(day, one)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 40))
def test_round_the_clock_has_no_gap_and_no_overlap(day: date, days: int) -> None:
    until = day + timedelta(days=days)
    turns = [*expand(week("05:00", "13:00"), day, until), *expand(week("13:00", "21:00"), day, until)]
    turns += expand(week("21:00", "05:00"), day, until)
    turns.sort()
    assert all(one[1] == two[0] for one, two in pairwise(turns))
    assert len(turns) == 3 * (days + 1)


def test_weekdays_and_validity_are_of_the_start() -> None:
    one = Week(frozenset({4}), time(22), time(6), date(2026, 11, 6), date(2026, 11, 13))
    found = list(expand(one, date(2026, 11, 1), date(2026, 11, 30)))
    assert [start.astimezone(PARIS).date() for start, _end in found] == [date(2026, 11, 6), date(2026, 11, 13)]


# Rows -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def coordinator() -> Any:
    return cast.person(Role.INTERVENTION_COORDINATOR)


def pattern(crew: Any, **more: Any) -> ShiftPattern:
    since = clock().astimezone(PARIS).date() - timedelta(days=3)
    return ShiftPattern.objects.create(
        **{"weekdays": list(range(7)), "starts": time(22), "ends": time(6), **more}, crew=crew, valid_from=since
    )


@pytest.mark.django_db
def test_extending_is_idempotent_and_what_was_taken_away_stays_away(coordinator: Any) -> None:
    crew = means.crew(on_shift=False)
    made = pattern(crew)
    assert rostering.extend_shifts() == 16, "yesterday to fourteen days ahead"
    assert rostering.extend_shifts() == 0
    rostering.remove_shift(shift_id=crew.shifts.order_by("starts_at")[5].id, by=coordinator)
    assert rostering.extend_shifts() == 0
    made.refresh_from_db()
    made.made_until = made.made_until and made.made_until - timedelta(days=2)
    made.save()
    assert rostering.extend_shifts() == 0, "they are there already"
    assert crew.shifts.count() == 15
    assert Entry.objects.filter(kind="interventions.crew_changed", about=crew.id).count() == 2


@pytest.mark.django_db
def test_a_pattern_leaves_out_what_somebody_wrote_by_hand(coordinator: Any) -> None:
    crew, now = means.crew(on_shift=False), clock()
    shift = rostering.set_shift(
        crew_id=crew.id, by=coordinator, kind="planned", starts_at=now + timedelta(days=2),
        ends_at=now + timedelta(days=3),
    )  # fmt: skip
    pattern(crew)
    assert 13 <= rostering.extend_shifts() <= 15
    assert Shift.objects.filter(id=shift.id).exists()


@pytest.mark.django_db
def test_shifts_by_hand(coordinator: Any) -> None:
    crew, now = means.crew(on_shift=False), clock()
    hours: dict[str, Any] = {"starts_at": now, "ends_at": now + timedelta(hours=8)}
    one = rostering.set_shift(crew_id=crew.id, by=coordinator, kind="planned", **hours)
    rostering.set_shift(crew_id=crew.id, by=coordinator, kind="absent", **hours)
    with pytest.raises(rostering.ShiftOverlap):
        rostering.set_shift(crew_id=crew.id, by=coordinator, kind="planned", **hours)
    moved = rostering.set_shift(
        crew_id=crew.id, by=coordinator, kind="on_call", shift_id=one.id, version=3, **hours
    )  # fmt: skip
    assert (moved.id, moved.kind, crew.shifts.count()) == (one.id, "on_call", 2)
    with pytest.raises(Stale):
        rostering.set_shift(crew_id=crew.id, by=coordinator, kind="planned", version=1, **hours)
    wrongs: list[dict[str, Any]] = [{"ends_at": now}, {"ends_at": now + timedelta(days=4)}, {"kind": "asleep"}]
    for wrong in wrongs:
        with pytest.raises(Invalid):
            rostering.set_shift(crew_id=crew.id, by=coordinator, **{"kind": "planned", **hours, **wrong})
    with pytest.raises(NotAllowed):
        rostering.remove_shift(shift_id=one.id, by=cast.person(Role.CALL_TAKER))
    with pytest.raises(NotFound):
        rostering.remove_shift(shift_id=crew.id, by=coordinator)


@pytest.mark.django_db
def test_the_end_of_a_pattern_takes_what_has_not_begun(coordinator: Any) -> None:
    crew = means.crew(on_shift=False)
    rhythm = rostering.Rhythm(weekdays=tuple(range(7)), starts=time(8), ends=time(8), valid_from=date(2020, 1, 1))
    made = rostering.add_pattern(crew_id=crew.id, by=coordinator, rhythm=rhythm)
    assert crew.shifts.count() == 16
    rostering.end_pattern(pattern_id=made.id, by=coordinator)
    assert all(shift.starts_at <= clock() for shift in crew.shifts.all())
    assert crew.shifts.count() in (1, 2)
