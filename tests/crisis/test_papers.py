"""The map, reports, messages to the public."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, transaction
from django.utils import timezone

from access.roles import Role
from crisis import selectors, services
from crisis.areas import Shape
from crisis.drafting import LOCAL
from crisis.models import Cell, Report, ReportSection, SectionVersion
from incidents.services.attaching import path_of
from journal.errors import Conflict, Invalid, NotAllowed, Stale, WrongState
from tests import cast
from tests.crisis import world

pytestmark = pytest.mark.django_db
PROVER = Path(__file__).parents[2] / "docs" / "prove_extract.py"
OUCHE = Shape(type="polygon", points=((47.300, 5.030), (47.312, 5.030), (47.312, 5.050), (47.300, 5.050)))


@pytest.fixture
def cell() -> Cell:
    return world.opened()


def drawing(**fields: Any) -> services.Drawing:
    return services.Drawing(**{"kind": "flooded", "label": "Zone inondée", "shape": OUCHE, **fields})


def test_zones_have_versions_people_and_sites(cell: Cell) -> None:
    by = cell.director
    drawn = services.draw(cell_id=cell.id, by=by, drawing=drawing())
    people = drawn.inside["people"]
    assert set(people["communes"]) <= {"21231", "21355", "21166"}
    assert people["low"] < people["estimate"] < people["high"]
    assert people["method"] == "commune_share"
    assert "creche-tanneries" in drawn.inside["sites"]
    assert 150 < drawn.inside["hectares"] < 250
    later = timezone.now() + timedelta(hours=3)
    again = services.redraw(
        cell_id=cell.id, by=by, zone_id=drawn.zone_id, drawing=drawing(observed=False, dated_at=later), version=1
    )
    assert (again.number, again.dated_at) == (2, later)
    with pytest.raises(Stale):
        services.redraw(cell_id=cell.id, by=by, zone_id=drawn.zone_id, drawing=drawing(), version=1)
    assert [one.number for one in selectors.zone_versions(cell)] == [1, 2]
    services.erase(cell_id=cell.id, by=by, zone_id=drawn.zone_id, version=2)
    assert not selectors.zones(cell).exists()
    with pytest.raises(WrongState):
        services.redraw(cell_id=cell.id, by=by, zone_id=drawn.zone_id, drawing=drawing())


@pytest.mark.parametrize(
    "shape",
    [
        Shape(type="polygon", points=((47.3, 5.0), (47.31, 5.0))),
        Shape(type="polygon", points=((47.3, 5.0),) * 4),
        Shape(type="circle", points=((47.3, 5.0),)),
        Shape(type="circle", points=((47.3, 5.0),), radius_m=0.5),
        Shape(type="point", points=((47.3, 5.0),), radius_m=10),
        Shape(type="star", points=((47.3, 5.0),)),
        Shape(type="line", points=((97.3, 5.0), (47.0, 5.0))),
    ],
)
def test_what_cannot_be_drawn(cell: Cell, shape: Shape) -> None:
    with pytest.raises(Invalid):
        services.draw(cell_id=cell.id, by=cell.director, drawing=drawing(shape=shape))


def test_a_report_is_drafted_edited_approved_frozen_and_sent(cell: Cell) -> None:
    by, other = cell.director, cast.person(Role.CRISIS_MEMBER)
    world.join(cell, other, "planning")
    services.draw(cell_id=cell.id, by=by, drawing=drawing())
    services.log(cell_id=cell.id, by=by, entry=services.Words(text="Crèche évacuée", importance="vital"))
    ago = timezone.now() - timedelta(days=1)
    services.log(cell_id=cell.id, by=by, entry=services.Words(text="Premier appel", occurred_at=ago))
    services.act(cell_id=cell.id, by=by, task=services.Task(text="Barrières", function="logistics"))
    report = services.draft_report(cell_id=cell.id, by=by)
    texts = {one.key: one.text for one in report.sections.all()}
    assert "Crèche évacuée (à vérifier)" in texts["events"]
    assert "Premier appel" in texts["events"].splitlines()[0], "as it happened, not as it was entered"
    assert cell.next_briefing_at is not None
    assert texts["next"] == f"{cell.next_briefing_at.astimezone(LOCAL):%d/%m %H:%M}"
    assert "Zone inondée" in texts["people"]
    assert "A-01 · Barrières (Logistique)" in texts["actions"]
    with pytest.raises(Conflict):
        services.draft_report(cell_id=cell.id, by=by)
    told: dict[str, Any] = {"cell_id": cell.id, "report_id": report.id}
    services.edit_section(**told, by=other, key="outlook", text="Pic à 17:00", version=1)
    with pytest.raises(Stale) as late:
        services.edit_section(**told, by=by, key="outlook", text="Rien", version=1)
    assert late.value.extra["current"].text == "Pic à 17:00"
    assert SectionVersion.objects.filter(section__report=report).count() == 1
    with pytest.raises(Stale):
        services.approve_report(**told, by=by, version=1)
    with pytest.raises(NotAllowed):
        services.approve_report(**told, by=other)
    with pytest.raises(WrongState):
        services.send_report(**told, by=by)
    approved = services.approve_report(**told, by=by, version=2)
    content = path_of(approved.stored_as).read_bytes()
    assert content.startswith(b"%PDF")
    assert b"StructTreeRoot" in content, "tagged"
    with pytest.raises(WrongState):
        services.edit_section(**told, by=by, key="outlook", text="x")
    frozen: tuple[Any, Any] = Report.objects.filter(id=report.id), ReportSection.objects.filter(report=report)
    with pytest.raises(Error), transaction.atomic():
        frozen[0].update(approved_by=other)
    with pytest.raises(Error), transaction.atomic():
        frozen[1].update(text="x")
    assert services.send_report(**told, by=by).state == "sent"
    following = services.draft_report(cell_id=cell.id, by=by)
    assert following.number == 2
    assert "Crèche" not in following.sections.get(key="events").text


def test_messages_to_the_public_take_a_name(cell: Cell) -> None:
    by = cell.director
    message = services.draft_message(cell_id=cell.id, by=by, channel="site", text="Évitez les berges")
    told: dict[str, Any] = {"cell_id": cell.id, "by": by, "message_id": message.id}
    services.edit_message(**told, channel="site", text="Évitez les berges de l'Ouche", version=1)
    with pytest.raises(Stale):
        services.approve_message(**told, version=1)
    assert services.approve_message(**told, version=2).approved_by == by
    with pytest.raises(WrongState):
        services.edit_message(**told, channel="site", text="x")
    assert services.withdraw_message(**told).state == "withdrawn"
