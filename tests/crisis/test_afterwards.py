"""Closing, extracts, what is new, any past instant."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models.functions import Now

from access.models import Person
from access.roles import Role
from access.selectors import access_of
from crisis import replaying, services
from crisis.areas import Shape
from crisis.models import Action, Cell, Line, Member
from crisis.services.closing import NotYet
from crisis.services.extracting import extract_of
from crisis.services.retaining import archive, forget_old
from incidents.services.attaching import path_of
from journal.errors import NotFound, WrongState
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


def test_what_need_not_be_kept_goes_wherever_it_is(cell: Cell) -> None:
    _silent, noted = (world.join(cell, cast.person(Role.CRISIS_MEMBER), "logistics") for _turn in range(2))
    Member.objects.filter(id=noted.id).update(note="chez mes parents, 06 …")
    assert forget_old() == 0, "it runs"
    world.at_level(cell, "closed")
    Cell.objects.filter(id=cell.id).update(closed_at=Now() - timedelta(days=settings.CRISIS_RETENTION_DAYS + 1))
    assert forget_old() == 1
    noted.refresh_from_db()
    assert noted.note == ""
    assert forget_old() == 0
