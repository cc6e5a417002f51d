"""Shifts, as pure arithmetic: turns, layers, overrides, gaps, edges, and both nights when the clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as some

from notifications.shifts import PARIS, LayerPlan, RotaPlan, Span, loads

ANNA, BRUNO, CLARA = (uuid4() for _n in range(3))
LONG_AGO, NEVER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MONDAY = date(2026, 11, 2)
MICRO = timedelta(microseconds=1)


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[misc, arg-type]


def layer(*people: UUID, **fields: object) -> LayerPlan:
    plain = LayerPlan("weeks", people, MONDAY, 7, time(8), frozenset(), None, LONG_AGO, None)
    return replace(plain, **fields)  # type: ignore[arg-type]


def plan(*layers: LayerPlan, overrides: tuple[Span, ...] = (), **available: tuple[datetime, datetime]) -> RotaPlan:
    always = dict.fromkeys((ANNA, BRUNO, CLARA), ((LONG_AGO, NEVER),))
    return RotaPlan(layers, overrides, always)


def test_turns_change_at_the_hour_of_hand_over_exactly() -> None:
    rota = plan(layer(ANNA, BRUNO))
    change = paris(2026, 11, 9, 8)
    assert rota.at(change - MICRO) == ANNA
    assert rota.at(change) == BRUNO
    assert rota.at(paris(2026, 11, 16, 8)) == ANNA
    assert rota.at(paris(2026, 11, 2, 8) - MICRO) is None, "before the first turn there is nobody"


def test_the_hour_stays_that_of_the_wall_when_the_clocks_change() -> None:
    rota = plan(layer(ANNA, BRUNO, turn_days=1, starts_on=date(2026, 3, 27)))
    spring, autumn = paris(2026, 3, 29, 8), paris(2026, 10, 25, 8)
    days = rota.spans(paris(2026, 3, 27, 8), paris(2026, 3, 31, 8))
    assert [span.hours for span in days] == [24, 23, 24, 24]
    assert rota.at(spring - MICRO) != rota.at(spring)
    assert rota.at(autumn - MICRO) != rota.at(autumn)
    assert [span.hours for span in rota.spans(paris(2026, 10, 24, 8), paris(2026, 10, 26, 8))] == [25, 24]


def test_a_hand_over_in_the_hour_that_is_skipped_or_doubled_happens_once() -> None:
    rota = plan(layer(ANNA, BRUNO, turn_days=1, handover_at=time(2, 30), starts_on=date(2026, 1, 1)))
    for day in (29, 30):
        spans = rota.spans(paris(2026, 3, day - 1, 12), paris(2026, 3, day, 12))
        assert len(spans) == 2
    autumn = rota.spans(paris(2026, 10, 24, 12), paris(2026, 10, 25, 12))
    assert [span.start.astimezone(UTC) for span in autumn][1] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_layer_below_fills_what_the_one_above_leaves() -> None:
    nights = layer(ANNA, name="nights", hours=(time(19), time(7)), turn_days=1)
    rota = plan(nights, layer(BRUNO))
    spans = rota.spans(paris(2026, 11, 3, 12), paris(2026, 11, 4, 12))
    assert [(span.start.astimezone(PARIS).hour, span.person, span.by) for span in spans] == [
        (12, BRUNO, "weeks"), (19, ANNA, "nights"), (7, BRUNO, "weeks"),
    ]  # fmt: skip


def test_weekdays() -> None:
    rota = plan(layer(ANNA, weekdays=frozenset(range(5)), handover_at=time(0)))
    spans = rota.spans(paris(2026, 11, 6, 0), paris(2026, 11, 10, 0))
    assert [(span.person, span.hours) for span in spans] == [(ANNA, 24), (None, 48), (ANNA, 24)]


def test_the_latest_override_wins_for_its_time_only() -> None:
    start, end = paris(2026, 11, 3, 18), paris(2026, 11, 4, 6)
    first = Span(start, end, BRUNO, "ill", override=uuid4())
    later = Span(start + timedelta(hours=2), end, CLARA, "", override=uuid4())
    rota = plan(layer(ANNA), overrides=(later, first))
    instants = [start - MICRO, start, start + timedelta(hours=2), end - MICRO, end]
    assert [rota.at(instant) for instant in instants] == [ANNA, BRUNO, CLARA, CLARA, ANNA]


def test_off_duty_at_the_very_edge_nobody_is_on_call() -> None:
    since, until = paris(2026, 11, 3, 8), paris(2026, 11, 4, 8)
    on_duty = {ANNA: ((since, until),), BRUNO: ((LONG_AGO, NEVER),)}
    alone = RotaPlan((layer(ANNA),), (), on_duty)
    assert [alone.at(instant) for instant in (since - MICRO, since, until - MICRO, until)] == [None, ANNA, ANNA, None]
    covered = RotaPlan((layer(ANNA), layer(BRUNO, name="below")), (), on_duty)
    assert [covered.at(instant) for instant in (until - MICRO, until)] == [ANNA, BRUNO]
    override = Span(since, until + timedelta(days=1), ANNA, override=uuid4())
    assert RotaPlan((), (override,), on_duty).at(until) is None


def test_a_layer_that_was_replaced_still_says_who_it_was() -> None:
    change = paris(2026, 11, 5, 12)
    rota = plan(layer(ANNA, until=change), layer(BRUNO, since=change))
    assert [rota.at(change - MICRO), rota.at(change)] == [ANNA, BRUNO]


def test_loads_count_nights_and_weekends() -> None:
    saturday = paris(2026, 11, 7, 20)
    (load,) = loads([Span(saturday, saturday + timedelta(hours=12), ANNA)])
    assert (load.hours, load.night, load.weekend) == (12, 8, 12)
    friday = paris(2026, 11, 6, 20)
    assert loads([Span(friday, friday + timedelta(hours=8), ANNA), Span(friday, friday, None)])[0].weekend == 4


@given(
    some.lists(some.tuples(some.integers(0, 400), some.integers(1, 100)), max_size=4),
    some.integers(1, 9),
    some.integers(0, 23),
    some.integers(0, 23),
)
def test_spans_always_cover_everything_once(claims: list[tuple[int, int]], days: int, opens: int, closes: int) -> None:
    start, end = paris(2026, 10, 20, 3), paris(2026, 11, 10, 3)
    overrides = tuple(
        Span(start + timedelta(hours=at), start + timedelta(hours=at + long), CLARA, override=uuid4())
        for at, long in claims
    )
    top = layer(ANNA, BRUNO, turn_days=days, starts_on=date(2026, 10, 1), hours=(time(opens), time(closes)))
    spans = plan(top, overrides=overrides).spans(start, end)
    assert (spans[0].start, spans[-1].end) == (start, end)
    assert all(left.end == right.start for left, right in pairwise(spans))
    assert all(span.start < span.end for span in spans)
