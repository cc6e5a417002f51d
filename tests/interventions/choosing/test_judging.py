"""Every reason, by itself; the order; the cover."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from interventions import cover
from interventions.choosing.facts import Clock, Crew, Leg, Limits, Mission, Span, Terms, Wanted
from interventions.choosing.judging import Promise, Proposal, in_order, judge
from territory.geometry import LatLon

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HERE, THERE = (47.32, 5.04), (47.29, 5.00)
ALL = (Terms("Tout"),)


def crew(**more: Any) -> Crew:
    told: dict[str, Any] = {
        "name": "Éclairage 1", "skills": frozenset({"lighting"}), "position": HERE, "seen_at": NOW - MINUTE,
        "shifts": (Span("planned", NOW - 4 * HOUR, NOW + 4 * HOUR),), "terms": ALL,
    }  # fmt: skip
    return Crew(id=uuid4(), organisation=uuid4(), organisation_name="Éclairage public", base=HERE, **{**told, **more})


def wanted(**more: Any) -> Wanted:
    told: dict[str, Any] = {
        "skills": frozenset({"lighting"}), "commune": "21231", "category": "lighting.street_light_out",
        "priority": "P2", "minutes": 60, "due": NOW + HOUR,
    }  # fmt: skip
    return Wanted(id=uuid4(), at=THERE, **{**told, **more})


def mission(start: datetime, hours: float = 1, **more: Any) -> Mission:
    told: dict[str, Any] = {"priority": "P3", "begun": False, **more}
    return Mission(id=uuid4(), reference="T-1", title="t", start=start, end=start + hours * HOUR, at=HERE, **told)


def drive(seconds: int = 600) -> Any:
    return lambda _crew, _mission: Leg(seconds, seconds * 7, "estimation")


def judged(who: Crew | None = None, what: Wanted | None = None, *, seconds: int = 600, **more: Any) -> Proposal:
    return judge(who or crew(), what or wanted(), now=NOW, drive=drive(seconds), limits=Limits(), **more)


def codes(one: Proposal, weight: str) -> set[str]:
    return {reason.code for reason in one.reasons if reason.weight == weight}


def values(one: Proposal, code: str) -> dict[str, Any]:
    return next(reason.values for reason in one.reasons if reason.code == code)


def test_what_speaks_for_a_crew() -> None:
    one = judged()
    assert one.verdict == "fit"
    assert codes(one, "for") == {
        "skills_held", "under_contract", "on_shift", "before_target", "free", "position_fresh", "light_load",
    }  # fmt: skip
    assert one.slot.start == NOW + 10 * MINUTE
    assert values(one, "before_target")["minutes"] == 50
    assert values(one, "on_shift")["until"] == NOW + 4 * HOUR


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ((), (NOW + 30 * MINUTE, "")),
        ((Terms("Tout"),), (NOW + 30 * MINUTE, "")),
        ((Terms("Vite", response_minutes=15),), (NOW + 15 * MINUTE, "Vite")),
        ((Terms("Ailleurs", frozenset({"21166"}), response_minutes=5),), (NOW + 30 * MINUTE, "")),
        ((Terms("Tout"), Terms("Lent", response_minutes=90), Terms("Vite", response_minutes=0)), (NOW, "Vite")),
    ],
)
def test_each_crew_is_late_or_not_under_its_own_contract(terms: tuple[Terms, ...], expected: Any) -> None:
    """Counted from when it was asked for, a quarter of an hour ago, during which its clocks stood: the same for all,
    whatever the present due time says."""
    clock = Clock(since=NOW - 15 * MINUTE, stood=15 * MINUTE, minutes=30)
    one = judged(crew(terms=terms), wanted(due=NOW + 3 * HOUR, clock=clock), seconds=1200)
    assert one.promise == Promise(*expected)
    assert one.late == (expected[0] < NOW + 20 * MINUTE)
    code, other = ("after_target", "before_target") if one.late else ("before_target", "after_target")
    assert values(one, code) == {
        "minutes": abs((expected[0] - NOW) // MINUTE - 20), "due": expected[0], "contract": expected[1],
    }  # fmt: skip
    assert other not in {reason.code for reason in one.reasons}


def test_who_keeps_the_own_promise_goes_before_who_does_not() -> None:
    clock = Clock(since=NOW, stood=timedelta(0), minutes=60)
    what = wanted(due=NOW + HOUR, clock=clock)
    strict = judged(crew(name="a", terms=(Terms("Vite", response_minutes=5),)), what, seconds=600)
    lax = judged(crew(name="b"), what, seconds=900)
    assert [one.crew.name for one in in_order([strict, lax], what)] == ["b", "a"]


def test_whoever_is_on_site_is_late_under_no_contract() -> None:
    clock = Clock(since=NOW - HOUR, stood=timedelta(0), minutes=5)
    assert judged(what=wanted(due=None, clock=clock)).promise is None


CASES: list[tuple[dict[str, Any], dict[str, Any], int, str, str]] = [
    ({"skills": frozenset({"green"})}, {}, 600, "skill_missing", "blocking"),
    ({"terms": (Terms("x", frozenset({"21166"})),)}, {}, 600, "not_under_contract", "blocking"),
    ({"terms": (Terms("x", frozenset(), frozenset({"water"})),)}, {}, 600, "not_under_contract", "blocking"),
    ({"shifts": (Span("planned", NOW + 6 * HOUR, NOW + 9 * HOUR),)}, {}, 600, "off_shift", "blocking"),
    ({"shifts": ()}, {}, 600, "off_shift", "blocking"),
    ({"shifts": (Span("on_call", NOW - HOUR, NOW + 9 * HOUR),)}, {}, 600, "on_call", "against"),
    ({"shifts": (Span("planned", NOW - 7 * HOUR, NOW + HOUR),)}, {}, 600, "past_shift_end", "against"),
    ({}, {}, 3600, "too_far", "against"),
    ({}, {"due": NOW}, 600, "after_target", "against"),
    ({"missions": (mission(NOW - HOUR / 2),)}, {}, 600, "busy", "against"),
    ({"seen_at": NOW - 26 * MINUTE}, {}, 600, "position_old", "against"),
    ({"seen_at": None, "position": None}, {}, 600, "position_unknown", "against"),
    (
        {"missions": (mission(NOW - 4 * HOUR, 4, held=False), mission(NOW + HOUR * 1.1, 2.9))},
        {},
        60,
        "heavy_load",
        "against",
    ),
]


@pytest.mark.parametrize(("of_crew", "of_work", "seconds", "code", "weight"), CASES, ids=[case[3] for case in CASES])
def test_each_reason_why_not(
    of_crew: dict[str, Any], of_work: dict[str, Any], seconds: int, code: str, weight: str
) -> None:
    one = judged(crew(**of_crew), wanted(**of_work), seconds=seconds)
    assert code in codes(one, weight), one.reasons
    assert one.verdict == ("excluded" if weight == "blocking" else "possible")


def test_an_absence_says_until_when() -> None:
    away = crew(shifts=(*crew().shifts, Span("absent", NOW - HOUR, NOW + 2 * HOUR)))
    assert values(judged(away), "absent")["until"] == NOW + 2 * HOUR


def test_rest_is_due() -> None:
    tired = crew(
        shifts=(Span("planned", NOW - 18 * HOUR, NOW - 10 * HOUR), Span("planned", NOW - 2 * HOUR, NOW + 5 * HOUR))
    )
    assert values(judged(tired), "rest_due") == {"since": NOW - 10 * HOUR, "until": NOW + HOUR}


def test_on_call_takes_its_recall_time() -> None:
    called = crew(shifts=(Span("on_call", NOW - HOUR, NOW + 9 * HOUR),))
    assert judged(called).slot.departs == NOW + 30 * MINUTE


def test_the_first_gap_holds_the_drives_too() -> None:
    between = crew(missions=(mission(NOW - HOUR / 2), mission(NOW + 2 * HOUR)))
    assert judged(between).slot.start == NOW + 40 * MINUTE
    tight = replace(wanted(), minutes=75)
    assert judged(between, tight).slot.start == NOW + 3 * HOUR + 10 * MINUTE, "70 minutes less the drive on"


def test_a_less_urgent_mission_could_wait() -> None:
    busy = crew(missions=(mission(NOW - HOUR / 2, priority="P3"),))
    assert values(judged(busy), "busy")["less_urgent"] is True
    assert values(judged(busy, wanted(priority="P4")), "busy")["less_urgent"] is False


def test_work_that_should_be_over_lasts_a_little_longer() -> None:
    late = crew(missions=(mission(NOW - 2 * HOUR, begun=True),))
    assert judged(late).slot.start == NOW + 20 * MINUTE


def test_a_time_that_was_asked_for() -> None:
    busy = crew(missions=(mission(NOW + HOUR),))
    one = judged(busy, start=NOW + 1.5 * HOUR)
    assert codes(one, "blocking") == {"overlap"}
    assert values(one, "overlap")["until"] == NOW + 2 * HOUR
    assert judged(busy, start=NOW + 2 * HOUR).slot.after is not None


def test_planned_work_waits_for_its_window() -> None:
    assert judged(what=wanted(not_before=NOW + 2 * HOUR, due=None)).slot.start == NOW + 2 * HOUR


def test_the_order() -> None:
    what = wanted(due=NOW + 30 * MINUTE)
    near = judged(crew(name="near", seen_at=None), what)
    far = judged(crew(name="far"), what, seconds=1200)
    late = judged(crew(name="late"), what, seconds=2400)
    out = judged(crew(name="out", skills=frozenset()), what, seconds=60)
    gone = judged(crew(name="gone", skills=frozenset(), shifts=()), what, seconds=60)
    urgent = in_order([gone, late, out, far, near], what)
    assert [one.crew.name for one in urgent] == ["near", "far", "late", "out", "gone"]
    calm = in_order([gone, late, out, far, near], replace(what, priority="P3"))
    assert [one.crew.name for one in calm] == ["far", "near", "late", "out", "gone"]


# Cover ------------------------------------------------------------------------------------------------------------------


def reach(crews: list[Crew], minutes: dict[str, int]) -> cover.Cover:
    def seconds(one: Crew, _point: LatLon) -> int:
        return 60 * minutes[one.name]

    return cover.cover(cover.helpers(crews, at=NOW, seconds=seconds, limits=Limits()), skills=["lighting"])


def test_sectors_left_without() -> None:
    near, far = crew(name="near"), crew(name="far")
    times = {"near": 9, "far": 34}
    before, after = reach([near, far], times), reach([far], times)
    assert before["est", "lighting"] == cover.Reach(9, near.id)
    lost = cover.losses(before, after, minutes=20)
    assert {(one.sector, one.before, one.after) for one in lost} == {(one.key, 9, 34) for one in cover.sectors()}
    assert cover.losses(before, after, minutes=40) == []
    assert reach([crew(name="near", missions=(mission(NOW - HOUR / 2),))], times)["est", "lighting"].minutes is None
    assert (
        reach([crew(name="near", shifts=(Span("on_call", NOW, NOW + HOUR),))], times)["est", "lighting"].minutes == 39
    )


def test_every_commune_lies_in_one_sector() -> None:
    found = [commune for sector in cover.sectors() for commune in sector.communes]
    assert len(found) == len(set(found)) == 23
