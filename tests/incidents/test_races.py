"""Two people at the same instant: really committed, on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from access.roles import Role
from incidents import services
from incidents.models import Incident, Report
from journal.chain import GENESIS
from journal.errors import Conflict, NotFound, Problem, Stale, WrongState
from journal.idempotency import Answer, fingerprint, once
from journal.models import Entry, Receipt
from journal.verification import verify
from tests import cast

pytestmark = pytest.mark.usefixtures("committed")


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run these together, each on its own connection; what each returned or the Problem it raised."""
    gate = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            gate.wait(20)
            return work()
        except Problem as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_one_winner_when_two_change_the_same_version() -> None:
    people = [cast.person(Role.INTERVENTION_COORDINATOR) for _ in range(4)]
    for _round in range(10):
        on = cast.incident(by=people[0])
        results = at_once(
            *[
                partial(services.qualify, by=by, incident_id=on.id, priority="P2", category=cast.LIGHT, version=1)
                for by in people
            ]
        )
        assert [type(result) for result in results if isinstance(result, Problem)] == [Stale] * 3
        assert Incident.objects.get(id=on.id).version == 2


def test_two_merging_a_pair_both_ways_never_lock_each_other_out() -> None:
    one, other = (cast.person(Role.VIDEO_OPERATOR) for _ in range(2))
    for _round in range(10):
        a, b = (cast.incident(by=one) for _ in range(2))
        results = at_once(
            partial(services.merge, incident_id=a.id, into=b.id, by=one),
            partial(services.merge, incident_id=b.id, into=a.id, by=other),
        )
        assert sum(isinstance(result, Incident) for result in results) == 1
        assert sum(isinstance(result, WrongState) for result in results) == 1
        assert sorted(Incident.objects.filter(id__in=[a.id, b.id]).values_list("reports_count", flat=True)) == [0, 2]


def test_numbers_have_no_gap_and_the_chain_is_whole_under_many_writers() -> None:
    people = [cast.person(Role.CALL_TAKER) for _ in range(6)]
    lat, lon = cast.SPOTS[cast.DIJON]

    def declare_some(by: Any) -> int:
        for turn in range(8):
            bad = turn % 3 == 2
            draft = services.Draft(category="none" if bad else cast.LIGHT, lat=lat, lon=lon)
            try:
                services.declare(by=by, draft=draft)
            except Problem:
                assert bad
        return 0

    at_once(*[partial(declare_some, by) for by in people])
    year = timezone.localtime().year
    references = sorted(Incident.objects.values_list("reference", flat=True))
    assert references == [f"DM-{year}-{n:06d}" for n in range(1, 37)]
    verdict = verify()
    assert (verdict.broken, verdict.checked) == (None, Entry.objects.count())
    assert bytes(Entry.objects.get(seq=1).previous) == GENESIS


def test_the_same_key_at_the_same_instant_acts_once_and_answers_all() -> None:
    by, lat_lon = cast.person(Role.CALL_TAKER), cast.SPOTS[cast.DIJON]

    def work() -> Answer:
        made = services.declare(by=by, draft=services.Draft(category=cast.LIGHT, lat=lat_lon[0], lon=lat_lon[1]))
        return Answer(201, made.reference.encode(), {})

    for _round in range(5):
        key, mark = uuid4(), fingerprint("POST", "/x", b"{}")
        before = Incident.objects.count()
        answers = at_once(*[partial(once, by=by, key=key, mark=mark, work=work)] * 4)
        assert len({answer.body for answer in answers}) == 1
        assert Incident.objects.count() == before + 1
        other = fingerprint("POST", "/x", b'{"other":1}')
        with pytest.raises(Conflict):
            once(by=by, key=key, mark=other, work=work)
        assert Incident.objects.count() == before + 1
        assert Receipt.objects.filter(key=key).count() == 1


def test_a_right_lost_while_waiting_for_the_lock_is_lost() -> None:
    """Rights are read again under the lock: restricting wins over a comment that came second."""
    chief, colleague = cast.person(Role.CRISIS_DIRECTOR), cast.person(Role.CALL_TAKER)
    for _round in range(10):
        on = cast.incident(by=chief)
        results = at_once(
            partial(services.restrict, incident_id=on.id, by=chief, reason="enquête"),
            partial(services.comment, incident_id=on.id, by=colleague, text="vu"),
        )
        assert isinstance(results[0], Incident)
        kinds = list(Entry.objects.filter(about=on.id).order_by("seq").values_list("kind", flat=True))
        if isinstance(results[1], NotFound):
            assert "incidents.commented" not in kinds
        else:
            assert kinds.index("incidents.commented") < kinds.index("incidents.restricted")


def test_two_reports_at_once_are_both_counted() -> None:
    people = [cast.person(Role.CALL_TAKER) for _ in range(4)]
    on = cast.incident(by=people[0])
    draft: dict[str, Any] = {"category": cast.LIGHT, "lat": on.lat, "lon": on.lon}
    at_once(*[partial(services.add_report, incident_id=on.id, by=by, draft=services.Draft(**draft)) for by in people])
    on.refresh_from_db()
    assert (on.reports_count, Report.objects.filter(incident=on).count()) == (5, 5)
