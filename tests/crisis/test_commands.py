"""What is typed into the one field, read as acts."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from crisis import services
from crisis.commands import parse
from crisis.models import Action, Decision, Line
from crisis.services.acting import clock
from journal.errors import Invalid
from tests.crisis import world

PARIS = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 25, 14, 3, 30, tzinfo=PARIS)


def at(hours: int, minutes: int, day: int = 25) -> datetime:
    return datetime(2026, 11, day, hours, minutes, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("text", "act", "told"),
    [
        ("Hauteur 1,74 m", "log", {"text": "Hauteur 1,74 m", "kind": "information", "mentions": []}),
        ("13:24 Berge sous 20 cm", "log", {"occurred_at": at(13, 24), "text": "Berge sous 20 cm"}),
        ("23h50 Hier soir", "log", {"occurred_at": at(23, 50, 24), "text": "Hier soir"}),
        ("!! Explosion [A1]", "log", {"importance": "vital", "reliability": "A", "credibility": 1, "text": "Explosion"}),
        ("! Vu @anticipation @terrain @personne", "log", {"importance": "important", "mentions": ["field_operations", "planning"]}),
        ("/message Mairie : pont fermé", "log", {"kind": "message", "text": "Mairie : pont fermé"}),
        ("/demande 2 motopompes", "log", {"kind": "request"}),
        ("/action terrain Fermer @14:30", "act", {"function": "field_operations", "text": "Fermer", "due_at": at(14, 30)}),
        ("/action Réseaux Couper @13:00", "act", {"function": "networks_utilities", "due_at": at(13, 0, 26)}),
        ("/action police Dévier @+20", "act", {"function": "municipal_police", "due_at": NOW + timedelta(minutes=20)}),
        ("/action field_operations Patrouiller", "act", {"function": "field_operations", "due_at": None}),
        (
            "/décision Évacuer ; motif : cote 1,95 m ; écarté : l'étage ; autorité : Maire de Dijon",
            "decide",
            {"what": "Évacuer", "grounds": "cote 1,95 m", "rejected": "l'étage", "authority": "Maire de Dijon"},
        ),
        ("/DECISION Fermer ; grounds: crue", "decide", {"what": "Fermer", "grounds": "crue"}),
        ("13:31 /corriger 39 Seule la voie basse", "supersede", {"number": 39, "text": "Seule la voie basse", "occurred_at": at(13, 31)}),
        ("/fiche flood-field gauges park", "inject", {"card": "flood-field", "items": ["gauges", "park"]}),
        ("/fiche flood-field", "inject", {"items": None}),
        ("/point", "draft", {}),
    ],
)  # fmt: skip
def test_read(text: str, act: str, told: dict[str, Any]) -> None:
    found = parse(text, now=NOW)
    assert found.act == act
    assert {name: found.told.get(name) for name in told} == told


@pytest.mark.parametrize(
    "text",
    ["/", "/danser", "/action", "/action personne Faire", "/action terrain", "/décision Fermer", "/décision ; motif : x",
     "/corriger", "/corriger x y", "/corriger 3", "/fiche", "/message", "!!", "99:99 Rien", "/action terrain x @99:10"],
)  # fmt: skip
def test_what_cannot_be_read_says_why(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text, now=NOW)
    assert refused.value.extra["errors"]["text"][0]


@pytest.mark.django_db
def test_what_was_typed_is_done() -> None:
    cell = world.opened()
    typed: dict[str, Any] = {"cell_id": cell.id, "by": cell.director}
    line = services.enter_text(**typed, text="! Berge sous l'eau [B2]").line
    assert line is not None
    assert (line.importance, line.credibility) == ("important", 2)
    assert services.enter_text(**typed, text="/action terrain Fermer @+15").action is not None
    assert services.enter_text(**typed, text="/décision Fermer ; motif : crue").decision is not None
    assert len(services.enter_text(**typed, text="/fiche flood-shelter").actions) == 4
    assert services.enter_text(**typed, text="/point").report is not None
    right = services.enter_text(**typed, text=f"/corriger {line.number} Berge sous 20 cm").line
    assert right is not None
    assert right.supersedes == line


@pytest.mark.django_db
def test_what_was_written_without_network_keeps_its_own_time() -> None:
    cell = world.opened()
    earlier = datetime.now(UTC) - timedelta(minutes=50)
    line = services.enter_text(cell_id=cell.id, by=cell.director, text="Vu sur place", occurred_at=earlier).line
    assert line is not None
    assert line.occurred_at == earlier


@pytest.mark.django_db
def test_acts_written_without_network_keep_their_own_time() -> None:
    cell = world.opened()
    typed_at = clock() - timedelta(minutes=40)
    for text in ("/action terrain Fermer", "/décision Fermer ; motif : crue"):
        services.enter_text(cell_id=cell.id, by=cell.director, text=text, occurred_at=typed_at)
    assert [one.at for one in (Action.objects.get(), Decision.objects.get())] == [typed_at, typed_at]
    lines = Line.objects.filter(cell=cell, kind__in=("action", "decision"))
    assert [one.occurred_at for one in lines] == [typed_at, typed_at]
    assert all(one.entered_at > typed_at for one in lines)
