"""From the opening to the archive, as people live it."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, transaction
from django.utils import timezone

from access.models import Person
from access.roles import Role
from access.selectors import access_of
from crisis import replaying, selectors, services
from crisis.areas import Shape
from crisis.models import Action, Cell, Decision, Line, Member, Report, ReportSection, SectionVersion
from crisis.services.closing import NotYet
from crisis.services.extracting import extract_of
from crisis.services.retaining import archive
from incidents.services.attaching import path_of
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, Stale, WrongState
from notifications.models import Message
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


def test_levels_are_decisions_with_reasons(cell: Cell) -> None:
    by = cell.director
    moved = services.set_level(cell_id=cell.id, by=by, level="crisis", reason="cote 1,95 m")
    assert (moved.level, moved.level_by) == ("crisis", by)
    decision = Decision.objects.get(cell=cell)
    assert (decision.reference, decision.grounds) == ("D-01", "cote 1,95 m")
    assert decision.authority == "Direction des opérations"
    last = Line.objects.filter(cell=cell).last()
    assert last is not None
    assert (last.kind, last.reference) == ("level", "D-01")
    assert f"Niveau porté de « Alerte » à « Crise » par {by.name}" in last.text
    for level, error in (("watch", WrongState), ("closed", Invalid), ("nothing", Invalid), ("crisis", WrongState)):
        with pytest.raises(error):
            services.set_level(cell_id=cell.id, by=by, level=level, reason="x")
    with pytest.raises(Stale):
        services.set_level(cell_id=cell.id, by=by, level="alert", reason="x", version=moved.version - 1)


def test_a_suggestion_decides_nothing_and_is_settled_by_the_decision(cell: Cell) -> None:
    first = services.suggest_level(cell=cell, source="flood", why="vigilance orange", level="crisis")
    second = services.suggest_level(cell=cell, source="flood", why="vigilance rouge", level="crisis")
    cell.refresh_from_db()
    assert cell.level == "alert"
    assert [one.id for one in selectors.suggestions(cell)] == [second.id]
    services.set_level(cell_id=cell.id, by=cell.director, level="crisis", reason="suivi")
    for one, outcome in ((first, "set_aside"), (second, "followed")):
        one.refresh_from_db()
        assert one.outcome == outcome


def test_a_decision_brings_its_actions_and_is_checked_once(cell: Cell) -> None:
    by = cell.director
    tasks = [
        services.Task(text="Fermer le parc", function="field_operations"),
        services.Task(text="Appeler", function="population_alert"),
    ]
    ruling = services.Ruling(
        what="Évacuer", grounds="cote", rejected="étage", authority="Maire de Dijon", actions=tasks
    )
    decision = services.decide(cell_id=cell.id, by=by, ruling=ruling)
    assert [action.reference for action in decision.actions.all()] == ["A-01", "A-02"]
    done = services.check(cell_id=cell.id, by=by, decision_id=decision.id, achieved=True, outcome="vide à 15:20")
    assert (done.achieved, done.checked_by) == (True, by)
    with pytest.raises(WrongState):
        services.check(cell_id=cell.id, by=by, decision_id=decision.id, achieved=False, outcome="non")
    for wrong in (services.Ruling(what="", grounds="x"), services.Ruling(what="x", grounds=" ")):
        with pytest.raises(Invalid):
            services.decide(cell_id=cell.id, by=by, ruling=wrong)


def test_actions_move_and_their_versions_protect_them(cell: Cell) -> None:
    by = cell.director
    action = services.act(cell_id=cell.id, by=by, task=services.Task(text="Barrières", function="logistics"))
    told: dict[str, Any] = {"cell_id": cell.id, "by": by, "action_id": action.id}
    assert services.advance(**told, state="doing", progress="40 m", owner=by.id).owner == by
    with pytest.raises(Stale):
        services.advance(**told, state="done", version=1)
    assert services.advance(**told, state="done").ended_at is not None
    assert services.advance(**told, state="todo").ended_at is None
    with pytest.raises(Invalid):
        services.advance(**told, owner=cast.person(Role.CALL_TAKER).id)


def test_a_card_comes_whole_or_in_part_and_stays_as_it_was(cell: Cell) -> None:
    by = cell.director
    some = services.inject(cell_id=cell.id, by=by, card="flood-field", items=["gauges", "park"])
    assert [(action.card_version, action.function) for action in some] == [(1, "field_operations")] * 2
    assert all(action.due_at is not None for action in some)
    rest = services.inject(cell_id=cell.id, by=by, card="flood-field")
    assert len(rest) == 3
    with pytest.raises(Conflict):
        services.inject(cell_id=cell.id, by=by, card="flood-field")
    for card, items in (("none", None), ("snow-field", None), ("flood-shelter", ["nothing"])):
        with pytest.raises(Invalid):
            services.inject(cell_id=cell.id, by=by, card=card, items=items)


def test_people_are_called_answer_and_go(cell: Cell) -> None:
    by, called = cell.director, cast.person(Role.MOBILITY_OPERATOR)
    member = services.call(cell_id=cell.id, by=by, function="mobility_transit", person=called.id)
    assert selectors.visible(access_of(called)).get() == cell
    message = Message.objects.get(person=called, about=cell.id)
    assert (message.wants_ack, message.urgency) == (True, "vital")
    (answered,) = services.answer(cell_id=cell.id, by=called, state="coming", minutes=20, note="tram")
    assert answered.expected_at is not None
    message.refresh_from_db()
    assert message.acknowledged_at is not None
    with pytest.raises(Conflict):
        services.call(cell_id=cell.id, by=by, function="mobility_transit", person=called.id)
    services.remove(cell_id=cell.id, by=by, member_id=member.id)
    assert not selectors.visible(access_of(called)).exists()
    with pytest.raises(NotFound):
        services.answer(cell_id=cell.id, by=called, state="present")
    outside = services.call(cell_id=cell.id, by=by, function="incident_commander", name="Cdt Roy, SDIS")
    assert (outside.person, outside.state) == (None, "present")


def test_whoever_has_no_duty_is_not_called(cell: Cell) -> None:
    for role in (None, Role.ADMINISTRATOR):
        with pytest.raises(Invalid):
            services.call(cell_id=cell.id, by=cell.director, function="logistics", person=cast.person(role).id)
    with pytest.raises(Invalid):
        services.call(cell_id=cell.id, by=cell.director, function="operations_director", person=world.director().id)
    seat = Member.objects.get(cell=cell, function="operations_director")
    with pytest.raises(WrongState):
        services.remove(cell_id=cell.id, by=cell.director, member_id=seat.id)


def test_direction_passes_when_it_is_accepted(cell: Cell) -> None:
    before, after = cell.director, world.director()
    offer = services.offer_direction(cell_id=cell.id, by=before, person=after.id, reason="relève")
    cell.refresh_from_db()
    assert cell.director == before
    with pytest.raises(Conflict):
        services.offer_direction(cell_id=cell.id, by=before, person=after.id, reason="encore")
    with pytest.raises(NotFound):
        services.answer_offer(transfer_id=offer.id, by=world.director(), accept=True)
    with pytest.raises(NotAllowed):
        services.answer_offer(transfer_id=offer.id, by=before, accept=True)
    services.answer_offer(transfer_id=offer.id, by=after, accept=True)
    cell.refresh_from_db()
    assert cell.director == after
    held = {one.function for one in Member.objects.filter(cell=cell, person=before, ended_at=None)}
    assert held == {"intermunicipal_coordinator"}
    with pytest.raises(NotAllowed):
        services.set_level(cell_id=cell.id, by=before, level="crisis", reason="x")
    services.set_level(cell_id=cell.id, by=after, level="crisis", reason="x")


def test_direction_passes_to_the_prefect_and_back(cell: Cell) -> None:
    by, liaison = cell.director, cast.person(Role.PREFECTURE_LIAISON)
    offer = services.offer_direction(cell_id=cell.id, by=by, prefect=True, reason="plusieurs communes")
    services.answer_offer(transfer_id=offer.id, by=liaison, accept=True)
    cell.refresh_from_db()
    assert (cell.direction, cell.director) == ("prefect", by)
    assert services.decide(cell_id=cell.id, by=by, ruling=services.Ruling(what="x", grounds="y")).authority == "Préfet"
    assert not selectors.visible(access_of(liaison)).exists(), "answering opens no cell"
    back = services.offer_direction(cell_id=cell.id, by=by, person=by.id, reason="fin")
    services.answer_offer(transfer_id=back.id, by=by, accept=True)
    cell.refresh_from_db()
    assert (cell.direction, cell.director) == ("cell", by)


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
    services.act(cell_id=cell.id, by=by, task=services.Task(text="Barrières", function="logistics"))
    report = services.draft_report(cell_id=cell.id, by=by)
    texts = {one.key: one.text for one in report.sections.all()}
    assert "Crèche évacuée (à vérifier)" in texts["events"]
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


def test_means_become_interventions_or_messages() -> None:
    by = cast.person(Role.CRISIS_DIRECTOR)
    cell = world.opened(by)
    about = cast.incident(by=by, status="qualified")
    wish = services.Wish(function="logistics", what="motopompes", quantity=2, via="intervention", incident=about.id)
    request = services.request_means(cell_id=cell.id, by=by, wish=wish)
    assert request.intervention is not None
    owner = cast.person(Role.CREW_LEADER)
    message = services.Wish(
        function="logistics", what="barrières", via="organisation", organisation=owner.organisation_id
    )
    services.request_means(cell_id=cell.id, by=by, wish=message)
    assert Message.objects.filter(person=owner, about=cell.id).exists()
    done = services.answer_request(cell_id=cell.id, by=by, request_id=request.id, state="granted", answer="à 15:00")
    assert done.state == "granted"
    for via in ("intervention", "organisation", "pigeon"):
        with pytest.raises(Invalid):
            services.request_means(cell_id=cell.id, by=by, wish=services.Wish(function="logistics", what="x", via=via))


def finish(cell: Cell, by: Person) -> None:
    for action in Action.objects.filter(cell=cell, state__in=("todo", "doing")):
        services.advance(cell_id=cell.id, by=by, action_id=action.id, state="done")


def test_closing_waits_for_what_is_open_then_nothing_is_written(cell: Cell) -> None:
    by = cell.director
    services.act(cell_id=cell.id, by=by, task=services.Task(text="Barrières", function="logistics"))
    loan = services.lend(
        cell_id=cell.id, by=by, lender=cast.organisation("commune-21355").id, what="motopompe", agreed_by="A. Vasseur"
    )
    with pytest.raises(WrongState):
        services.close(cell_id=cell.id, by=by, reason="fini")
    services.set_level(cell_id=cell.id, by=by, level="recovery", reason="décrue")
    with pytest.raises(NotYet) as waits:
        services.close(cell_id=cell.id, by=by, reason="fini")
    assert len(waits.value.extra["conditions"]) == 2
    assert services.conditions(cell_id=cell.id, access=access_of(by)) == waits.value.extra["conditions"]
    services.give_back(cell_id=cell.id, by=by, loan_id=loan.id, note="bon état")
    finish(cell, by)
    closed = services.close(cell_id=cell.id, by=by, reason="décrue confirmée")
    assert (closed.level, closed.next_briefing_at) == ("closed", None)
    with pytest.raises(WrongState):
        services.log(cell_id=cell.id, by=by, entry=services.Words(text="encore"))
    report = services.draft_report(cell_id=cell.id, by=by, kind="after_action")
    assert "décrue confirmée" in report.sections.get(key="levels").text
    services.approve_report(cell_id=cell.id, by=by, report_id=report.id)


def test_the_extract_proves_itself_and_the_archive_holds_it(cell: Cell, tmp_path: Path) -> None:
    by, auditor = cell.director, cast.person(Role.AUDITOR)
    wrong = services.log(cell_id=cell.id, by=by, entry=services.Words(text="Pont fermé"))
    services.supersede(cell_id=cell.id, by=by, number=wrong.number, entry=services.Words(text="Voie basse fermée"))
    cast.incident(by=by)
    taken = services.extract(cell_id=cell.id, by=auditor)
    path = path_of(taken.stored_as)
    proved = subprocess.run(
        [sys.executable, "-I", "-S", str(PROVER), str(path), taken.ends_with],
        capture_output=True,
        text=True,
        check=False,
    )
    assert proved.returncode == 0, proved.stderr
    assert f"{taken.entries} entries shown" in proved.stdout
    forged = tmp_path / "forged.jsonl"
    forged.write_text(path.read_text().replace("Pont", "Port"))
    assert (
        subprocess.run(
            [sys.executable, "-I", "-S", str(PROVER), str(forged)], capture_output=True, check=False
        ).returncode
        == 1
    )
    assert path_of(taken.pdf_stored_as).read_bytes().startswith(b"%PDF")
    packed = BytesIO()
    archive(taken=taken, to=packed, by=by)
    with zipfile.ZipFile(packed) as zipped:
        assert {"extract.jsonl", "prove_extract.py", "main-courante.pdf", "manifest.json"} <= set(zipped.namelist())
        assert json.loads(zipped.read("manifest.json"))["ends_with"] == taken.ends_with
    with pytest.raises(NotFound):
        services.extract(cell_id=cell.id, by=world.director())
    with pytest.raises(NotFound):
        extract_of(cell_id=cell.id, extract_id=taken.id, access=access_of(world.director()))


def test_what_changed_since_one_left(cell: Cell) -> None:
    by = cell.director
    services.seen(cell_id=cell.id, by=by, access=access_of(by))
    assert services.news(cell_id=cell.id, by=by, access=access_of(by)).entries == 0
    services.log(cell_id=cell.id, by=by, entry=services.Words(text="Nouveau"))
    services.set_level(cell_id=cell.id, by=by, level="crisis", reason="cote")
    news = services.news(cell_id=cell.id, by=by, access=access_of(by))
    assert news.changed["lines"][0]["text"] == "Nouveau"
    assert news.changed["cell"]["level"] == "crisis"
    assert news.whole
    with pytest.raises(NotFound):
        services.news(cell_id=cell.id, by=by, access=access_of(world.director()))


def test_any_past_instant_comes_back_from_the_record_alone(cell: Cell) -> None:
    by = cell.director
    services.log(cell_id=cell.id, by=by, entry=services.Words(text="Avant"))
    middle = replaying.moment(cell_id=cell.id, access=access_of(by))
    drawn = services.draw(cell_id=cell.id, by=by, drawing=drawing())
    services.set_level(cell_id=cell.id, by=by, level="crisis", reason="cote")
    now = replaying.moment(cell_id=cell.id, access=access_of(by))
    assert now.state["cell"]["level"] == "crisis"
    assert [zone["id"] for zone in now.state["zones"]] == [str(drawn.zone_id)]
    assert now.counts["lines"] == Line.objects.filter(cell=cell).count()
    before = replaying.moment(cell_id=cell.id, access=access_of(by), at=middle.last_at)
    assert before.state == middle.state
    assert (before.state["cell"]["level"], before.state["zones"]) == ("alert", [])
    kinds = [mark.kind for mark in replaying.marks(cell_id=cell.id, access=access_of(by))]
    assert kinds == ["crisis.opened", "crisis.drawn", "crisis.decided", "crisis.level_changed"]
