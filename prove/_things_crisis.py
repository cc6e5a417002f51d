"""The one cell that `prove matrix` asks about, and a proposal to open another."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from access.models import Organisation, Person
from crisis import services
from crisis.areas import Shape
from crisis.models import Cell
from crisis.services import Called, Opening, filing, open_cell, propose_cell
from incidents.models import Incident
from incidents.services.attaching import keep

Told = tuple[dict[str, str], tuple[str, ...]]


def build(people: dict[str, Person], light: Incident, picture: bytes) -> dict[str, Told]:
    """Things by name: their values for routes, and the words that show them."""
    called = [
        Called(person=people["logbook_secretary"].id, function="logbook_secretary"),
        Called(person=people["crisis_member"].id, function="logistics"),
    ]
    title = f"Titre-cellule-{uuid4().hex[:12]}"
    opening = Opening(plan="flood", level="alert", facts="L'Ouche monte", title=title, members=called)
    cell = open_cell(by=people["crisis_director"], opening=opening)
    parts = {"cell_id": str(cell.id), "key": "outlook", **inside(cell, cell.director, picture)}
    report = UUID(parts["report_id"])
    services.approve_report(cell_id=cell.id, by=cell.director, report_id=report)  # its paper exists from now on
    why = f"Titre-proposition-{uuid4().hex[:12]}"
    proposal = propose_cell(by=None, source="escalation", why=why, level="alert", incident=light)
    return {
        "cell": (parts, (cell.reference,)),
        "title of the cell": ({}, (title,)),
        "offer": ({}, ()),
        "proposal": ({"suggestion_id": str(proposal.id)}, (why,)),
    }


def inside(cell: Cell, by: Person, picture: bytes) -> dict[str, str]:
    """One of everything that an address may name in a cell."""
    told: dict[str, Any] = {"cell_id": cell.id, "by": by}
    lender = Organisation.objects.get(key="eclairage").id
    point = Shape(type="point", points=((47.32, 5.04),))
    wish = services.Wish(function="logistics", what="pompe", via="prefecture")
    made: dict[str, Any] = {
        "decision_id": services.decide(**told, ruling=services.Ruling(what="fermer", grounds="crue")),
        "action_id": services.act(**told, task=services.Task(text="barrières", function="logistics")),
        "loan_id": services.lend(**told, lender=lender, what="pompe", agreed_by="M. X"),
        "request_id": services.request_means(**told, wish=wish),
        "report_id": services.draft_report(**told),
        "message_id": services.draft_message(**told, channel="site", text="vu"),
        "extract_id": services.extract(**told),
        "member_id": services.call(**told, function="legal_finance", name="Mme Y"),
        "file_id": filing.record_file(**told, kept=keep(name="cellule.png", content=picture)),
    }
    drawing = services.Drawing(kind="point", label="Point", shape=point)
    zone = str(services.draw(**told, drawing=drawing).zone_id)
    return {**{name: str(one.id) for name, one in made.items()}, "zone_id": zone}
