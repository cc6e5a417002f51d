"""Merge and unmerge: reports gather on the survivor and come home again, through chains of merges."""

import pytest

from access.roles import Role
from incidents import services
from incidents.models import Category, Incident, Report
from journal.errors import Invalid, NotFound, WrongState
from tests import cast

pytestmark = pytest.mark.django_db


def counts(*incidents: Incident) -> list[tuple[str, int, int]]:
    rows = [Incident.objects.get(id=one.id) for one in incidents]
    return [(row.status, row.reports_count, Report.objects.filter(incident=row).count()) for row in rows]


def test_reports_gather_on_the_survivor_and_come_home_through_a_chain() -> None:
    by = cast.person(Role.INTERVENTION_COORDINATOR)
    a, b, c = (cast.incident(status="qualified", by=by) for _ in range(3))
    services.merge(incident_id=a.id, into=b.id, by=by)
    services.merge(incident_id=b.id, into=c.id, by=by)
    assert counts(a, b, c) == [("merged", 0, 0), ("merged", 0, 0), ("qualified", 3, 3)]
    services.unmerge(incident_id=b.id, by=by, reason="deux affaires")
    assert counts(a, b, c) == [("merged", 0, 0), ("qualified", 2, 2), ("qualified", 1, 1)]
    services.unmerge(incident_id=a.id, by=by, reason="trois affaires")
    assert counts(a, b, c) == [("qualified", 1, 1), ("qualified", 1, 1), ("qualified", 1, 1)]


def test_unmerging_from_the_middle_of_a_chain_takes_only_its_own() -> None:
    by = cast.person(Role.INTERVENTION_COORDINATOR)
    a, b, c = (cast.incident(by=by) for _ in range(3))
    services.merge(incident_id=a.id, into=b.id, by=by)
    services.merge(incident_id=b.id, into=c.id, by=by)
    services.unmerge(incident_id=a.id, by=by, reason="à part")
    assert counts(a, b, c) == [("declared", 1, 1), ("merged", 0, 0), ("declared", 2, 2)]


def test_a_survivor_is_open_in_sight_another_one_and_as_sensitive() -> None:
    by, chief = cast.person(Role.VIDEO_OPERATOR), cast.person(Role.CRISIS_DIRECTOR)
    one = cast.incident(by=by)
    with pytest.raises(Invalid):
        services.merge(incident_id=one.id, into=one.id, by=by)
    for status in ("resolved", "closed", "cancelled", "merged"):
        with pytest.raises(WrongState):
            services.merge(incident_id=one.id, into=cast.incident(status=status, by=by).id, by=by)
    secret = cast.incident(by=by)
    services.restrict(incident_id=secret.id, by=chief, reason="enquête")
    with pytest.raises(NotFound):
        services.merge(incident_id=one.id, into=secret.id, by=by)
    with pytest.raises(WrongState):
        services.merge(incident_id=one.id, into=secret.id, by=chief)


def test_nobody_takes_reports_out_of_an_incident_they_may_not_see() -> None:
    by, chief = cast.person(Role.CALL_TAKER), cast.person(Role.CRISIS_DIRECTOR)
    one, holder = cast.incident(by=by), cast.incident(by=by)
    services.merge(incident_id=one.id, into=holder.id, by=by)
    services.restrict(incident_id=holder.id, by=chief, reason="enquête")
    with pytest.raises(NotFound):
        services.unmerge(incident_id=one.id, by=by, reason="à part")
    assert counts(one, holder) == [("merged", 0, 0), ("declared", 2, 2)]
    services.unmerge(incident_id=one.id, by=chief, reason="à part")


def test_a_survivor_is_public_only_as_long_as_it_holds_a_citizen_s_report() -> None:
    by = cast.person(Role.CALL_TAKER)
    Category.objects.filter(key=cast.LIGHT).update(public=True)
    ours, theirs = cast.incident(by=by), cast.incident(by=by, source="citizen", from_public=True)
    services.merge(incident_id=theirs.id, into=ours.id, by=by)
    assert "public" in Incident.objects.get(id=ours.id).audiences
    services.unmerge(incident_id=theirs.id, by=by, reason="à part")
    assert "public" not in Incident.objects.get(id=ours.id).audiences
    assert "public" in Incident.objects.get(id=theirs.id).audiences
