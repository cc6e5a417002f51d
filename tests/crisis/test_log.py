"""The log: numbers, times, corrections, what may be written and what may not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from access.roles import Role
from crisis import selectors, services
from crisis.models import Cell, CellIncident, Line
from crisis.selectors import LineFilters
from incidents.models import Incident
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from tests import cast
from tests.crisis import world

pytestmark = pytest.mark.django_db


def words(text: str = "Hauteur 1,62 m", **fields: Any) -> services.Words:
    return services.Words(text=text, **fields)


@pytest.fixture
def cell() -> Cell:
    return world.opened()


def test_a_line_has_both_times_its_author_and_its_source(cell: Cell) -> None:
    happened = timezone.now() - timedelta(minutes=40)
    entry = words(
        source="station de mesure", reliability="B", credibility=2, importance="important", occurred_at=happened,
        mentions=["planning", "field_operations"],
    )  # fmt: skip
    line = services.log(cell_id=cell.id, by=cell.director, entry=entry)
    assert (line.number, line.by, line.function) == (4, cell.director, "operations_director")
    assert line.occurred_at == happened < line.entered_at
    row = world.told(cell, "logged")[-1]["line"]
    assert (row["number"], row["text"], row["reliability"], row["credibility"]) == (4, "Hauteur 1,62 m", "B", 2)
    assert row["mentions"] == ["field_operations", "planning"]


def test_the_same_id_is_one_line_and_nobody_elses(cell: Cell) -> None:
    id_ = uuid4()
    first = services.log(cell_id=cell.id, by=cell.director, entry=words(id=id_))
    again = services.log(cell_id=cell.id, by=cell.director, entry=words(id=id_))
    assert (first.id, first.number) == (again.id, again.number)
    other = cast.person(Role.CRISIS_MEMBER)
    world.join(cell, other, "planning")
    with pytest.raises(Conflict):
        services.log(cell_id=cell.id, by=other, entry=words(id=id_))
    numbers = list(Line.objects.filter(cell=cell).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_correction_stands_for_the_line_which_stays(cell: Cell) -> None:
    wrong = services.log(cell_id=cell.id, by=cell.director, entry=words("Pont de Longvic fermé"))
    right = services.supersede(
        cell_id=cell.id, by=cell.director, number=wrong.number, entry=words("Seule la voie basse est fermée")
    )
    assert right.supersedes == wrong
    assert Line.objects.get(id=wrong.id).text == "Pont de Longvic fermé"
    with pytest.raises(Conflict, match=str(right.number)):
        services.supersede(cell_id=cell.id, by=cell.director, number=wrong.number, entry=words("encore"))
    with pytest.raises(Invalid):
        services.supersede(cell_id=cell.id, by=cell.director, number=999, entry=words())
    with pytest.raises(WrongState):
        services.supersede(cell_id=cell.id, by=cell.director, number=1, entry=words())
    found = selectors.lines(cell=cell, filters=LineFilters(corrected=True))
    assert [line.number for line in found] == [right.number, wrong.number]


@pytest.mark.parametrize(
    "entry",
    [
        words(" "),
        words("x" * 4001),
        words("a\0"),
        words(kind="decision"),
        words(reliability="G"),
        words(credibility=7),
        words(importance="loud"),
        words(mentions=["nobody"]),
        words(incidents=[uuid4()]),
        words(files=[uuid4()]),
        words(occurred_at=timezone.now() + timedelta(hours=1)),
        words(source="s" * 121),
    ],
)
def test_what_is_not_written(cell: Cell, entry: services.Words) -> None:
    with pytest.raises(Invalid):
        services.log(cell_id=cell.id, by=cell.director, entry=entry)
    cell.refresh_from_db()
    assert cell.last_line == Line.objects.filter(cell=cell).count() == 3


def test_outsiders_and_auditors_write_nothing(cell: Cell) -> None:
    with pytest.raises(NotFound):
        services.log(cell_id=cell.id, by=world.director(), entry=words())
    with pytest.raises(NotAllowed):
        services.log(cell_id=cell.id, by=cast.person(Role.AUDITOR), entry=words())


@pytest.mark.parametrize(
    "order",
    [
        "update crisis_line set text = 'x' where cell_id = %s",
        "delete from crisis_line where cell_id = %s",
        "update crisis_line set number = number + 100 where cell_id = %s",
    ],
)
def test_the_application_itself_cannot_change_a_line(cell: Cell, order: str) -> None:
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(order, [cell.id])


def test_finding_lines(cell: Cell) -> None:
    about = cast.incident(by=cell.director)
    for text, fields in (
        ("Crèche évacuée", {"source": "équipe terrain", "credibility": 1}),
        ("Odeur d'hydrocarbure quai Nicolas-Rolin", {"importance": "vital"}),
        ("Barrières posées", {"incidents": [about.id], "mentions": ["logistics"], "kind": "message"}),
    ):
        services.log(cell_id=cell.id, by=cell.director, entry=words(text, **fields))

    def numbers(**filters: Any) -> list[int]:
        return [line.number for line in selectors.lines(cell=cell, filters=LineFilters(**filters))]

    assert numbers(q="creche EVACUEE") == [4]
    assert numbers(q="terrain") == [4]
    assert numbers(importance=("vital",)) == [5]
    assert numbers(kind=("message",)) == numbers(incident=about.id) == numbers(mentions="logistics") == [6]
    assert numbers(unverified=True) == [6, 5, 2]
    assert numbers(before=6, after=4) == [5]
    assert numbers(function=("operations_director",), kind=("information",)) == [5, 4, 2]


def test_a_reference_in_the_text_ties_the_line_to_what_the_writer_sees(cell: Cell) -> None:
    seen = cast.incident(by=cell.director)
    Incident.objects.filter(id=seen.id).update(reference="DM-2026-900001")
    text = "Voir dm-2026-900001 et DM-1999-000001"
    line = services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text=text))
    assert line.incidents == [seen.id]
    hidden = cast.incident(sensitivity="restricted")
    Incident.objects.filter(id=hidden.id).update(reference="DM-2026-900002")
    unseen = services.Words(text="Voir DM-2026-900002")
    assert services.log(cell_id=cell.id, by=cell.director, entry=unseen).incidents == []
    CellIncident.objects.create(cell=cell, incident=hidden, by=cell.director, at=timezone.now())
    assert services.log(cell_id=cell.id, by=cell.director, entry=unseen).incidents == [hidden.id], "the cell's own"


def test_lines_of_a_function_are_its_own_and_those_that_call_upon_it(cell: Cell) -> None:
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Sacs", mentions=["logistics"]))
    found = selectors.lines(cell=cell, filters=selectors.LineFilters(function=("logistics",)))
    assert [line.text for line in found] == ["Sacs"]
