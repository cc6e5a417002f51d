"""When a crew is there and when it must rest, in Paris nights and over both changes of the clock."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from interventions.choosing.facts import Mission, Span
from interventions.choosing.hours import Rest, joined, load, presence, present, rest_due, without
from interventions.shifts import PARIS

HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def span(kind: str, start: str, end: str) -> Span:
    return Span(kind, at(start), at(end))


def work(start: datetime, hours: float) -> Mission:
    return Mission(uuid4(), "T", "t", "P3", start, start + hours * HOUR, (47.3, 5.0))


def test_stretches() -> None:
    zero = at("2026-11-23T00:00")

    def of(*pairs: tuple[int, int]) -> list[tuple[datetime, datetime]]:
        return [(zero + a * HOUR, zero + b * HOUR) for a, b in pairs]

    assert joined(of((4, 6), (0, 2), (2, 3))) == of((0, 3), (4, 6))
    assert joined(of((0, 2), (3, 4)), gap=HOUR) == of((0, 4))
    assert without(of((0, 10)), of((2, 3), (9, 12))) == of((0, 2), (3, 9))
    assert without(of((0, 2)), of((0, 2))) == []


DAY = [span("planned", "2026-11-23T08:00", "2026-11-23T16:00"), span("on_call", "2026-11-23T16:00", "2026-11-24T08:00")]


@pytest.mark.parametrize(
    ("when", "state", "until"),
    [
        ("2026-11-23T07:59", "off", "2026-11-23T08:00"),
        ("2026-11-23T08:00", "planned", "2026-11-23T16:00"),
        ("2026-11-23T15:59", "planned", "2026-11-23T16:00"),
        ("2026-11-23T16:00", "on_call", "2026-11-24T08:00"),
        ("2026-11-23T23:59", "on_call", "2026-11-24T08:00"),
        ("2026-11-24T00:00", "on_call", "2026-11-24T08:00"),
        ("2026-11-24T08:00", "off", None),
    ],
)
def test_presence_over_midnight(when: str, state: str, until: str | None) -> None:
    found = presence(DAY, at(when))
    assert (found.state, found.until) == (state, at(until) if until else None)


def test_an_absence_wins_over_a_shift() -> None:
    away = [*DAY, span("absent", "2026-11-23T10:00", "2026-11-23T12:00")]
    assert presence(away, at("2026-11-23T11:00")).state == "absent"
    assert presence(away, at("2026-11-23T11:00")).until == at("2026-11-23T12:00")
    assert presence(away, at("2026-11-23T09:00")).until == at("2026-11-23T10:00")
    assert len(present(away, "planned")) == 2


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24", "2026-11-23"])
def test_on_call_over_the_change_of_the_clock_is_one_stretch(night: str) -> None:
    """The whole night until seven o'clock on the wall, be it 14, 16 or 15 hours long."""
    start = at(f"{night}T16:00")
    morning = (datetime.fromisoformat(night) + timedelta(days=1)).strftime("%Y-%m-%dT07:00")
    shifts = [Span("on_call", start, at(morning))]
    instant = start
    while instant < at(morning):
        assert presence(shifts, instant).state == "on_call"
        assert presence(shifts, instant).until == at(morning)
        instant += HOUR / 2
    assert presence(shifts, instant).state == "off"


def rest(shifts: list[Span], missions: list[Mission], start: str, hours: float = 1) -> Rest | None:
    begin = at(start)
    return rest_due(shifts, missions, begin, begin + hours * HOUR)


LATE_THEN_EARLY = [
    span("planned", "2026-11-23T14:00", "2026-11-23T22:00"),
    span("planned", "2026-11-24T06:00", "2026-11-24T14:00"),
]


def test_eleven_hours_between_two_working_days() -> None:
    found = rest(LATE_THEN_EARLY, [], "2026-11-24T07:00")
    assert found == Rest(at("2026-11-23T22:00"), at("2026-11-24T09:00"))
    assert rest(LATE_THEN_EARLY, [], "2026-11-24T09:00") is None
    assert rest(LATE_THEN_EARLY, [], "2026-11-23T21:00") is None


@pytest.mark.parametrize(("night", "free"), [("2026-03-28", "10:00"), ("2026-10-24", "08:00")])
def test_eleven_hours_are_hours_not_the_wall(night: str, free: str) -> None:
    """In spring the night is an hour shorter, so work may begin an hour later on the wall; in autumn an hour sooner."""
    morning = (datetime.fromisoformat(night) + timedelta(days=1)).strftime("%Y-%m-%d")
    shifts = [
        span("planned", f"{night}T14:00", f"{night}T22:00"),
        span("planned", f"{morning}T06:00", f"{morning}T14:00"),
    ]
    found = rest(shifts, [], f"{morning}T07:00")
    assert found is not None
    assert found.until == at(f"{morning}T{free}")


def test_a_lunch_break_is_no_night() -> None:
    split = [
        span("planned", "2026-11-23T08:00", "2026-11-23T12:00"),
        span("planned", "2026-11-23T13:30", "2026-11-23T17:30"),
    ]
    assert rest(split, [], "2026-11-23T14:00") is None


def test_after_a_recall_the_rest_begins_anew_unless_it_was_over() -> None:
    next_day = [*DAY, span("planned", "2026-11-24T08:00", "2026-11-24T16:00")]
    early = work(at("2026-11-23T22:00"), 2)
    assert rest(next_day, [early], "2026-11-24T09:00") == Rest(at("2026-11-24T00:00"), at("2026-11-24T11:00"))
    assert rest(next_day, [early], "2026-11-24T11:00") is None
    late = work(at("2026-11-24T04:00"), 1)
    assert rest(next_day, [late], "2026-11-24T09:00") is None, "twelve hours had passed before it was called"


def test_being_called_while_on_call_is_what_on_call_is_for() -> None:
    assert rest(DAY, [], "2026-11-23T18:00") is None


def test_past_the_end_of_a_long_day() -> None:
    long = [span("planned", "2026-11-23T06:00", "2026-11-23T18:00")]
    assert rest(long, [], "2026-11-23T17:30", hours=1) is None, "thirteen hours after six is seven"
    assert rest(long, [], "2026-11-23T17:30", hours=2) == Rest(at("2026-11-23T19:00"), at("2026-11-24T06:00"))


def test_load_is_the_share_of_the_shift() -> None:
    missions = [work(at("2026-11-23T08:00"), 2), work(at("2026-11-23T15:00"), 4)]
    assert load(DAY, missions, at("2026-11-23T09:00")) == pytest.approx(3 / 8)
    assert load(DAY, missions, at("2026-11-25T09:00")) == 0
    assert load(DAY, [], at("2026-11-23T07:00")) == 0
    assert load(DAY, missions, at("2026-11-23T20:00")) == pytest.approx(3 / 16), "on call: of the time on call"
