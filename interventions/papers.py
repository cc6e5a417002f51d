"""Mission order and completion report on paper (PDF), in the reader's language."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.services.handling import clock
from incidents.workflow import Priority
from interventions.models import Intervention, Skill
from interventions.workflow import PauseReason, Status
from journal.printing import pdf
from territory.wording import placed

PAGE = Path(__file__).parent / "print" / "mission.typ"
TICKED, OPEN = "☑", "☐"


def mission_order(one: Intervention) -> bytes:
    """What the crew takes along: where, what, when, with what, and the sheet to tick. Load with RELATED and category."""
    return _print(one, _("Mission order"), {"checklist": [[OPEN, *_item(item)] for item in one.checklist]})


def completion_report(one: Intervention) -> bytes:
    """What was done, when, by whom and with what; verified by whom."""
    told = {
        "checklist": [[TICKED if item.get("done") else OPEN, *_item(item)] for item in one.checklist],
        "times": [[label, when] for label, when in _times(one)],
        "materials": [
            f"{each.label} : {each.quantity.normalize():f} {each.unit}".strip() for each in one.materials.all()
        ],
        "notes": [f"{_moment(each.at)} — {each.text}" for each in one.notes.all()],
        "outcome": one.outcome or one.reason,
        "signature": _signature(one),
    }
    return _print(one, _("Completion report"), told)


def _print(one: Intervention, heading: str, told: dict[str, Any]) -> bytes:
    at = clock()
    content = {
        "language": (get_language() or "fr")[:2],
        "heading": heading,
        "reference": one.reference,
        "title": one.title,
        "printed": _("Printed on %(when)s") % {"when": _moment(at)},
        "facts": [[label, value] for label, value in _facts(one) if value],
        "checklist_title": one.checklist_title or _("Checklist"),
        "times_title": _("Times"),
        "materials_title": _("Materials"),
        "notes_title": _("Notes"),
        "outcome_title": _("Outcome"),
        "times": [],
        "materials": [],
        "notes": [],
        "outcome": "",
        "signature": _("Crew leader’s signature:"),
    }
    return pdf(PAGE, {**content, **told}, at=at)


def _facts(one: Intervention) -> Iterable[tuple[str, str]]:
    skills = [skill.label for skill in Skill.objects.filter(key__in=one.skills)]
    yield _("Status"), str(Status(one.status).label)
    yield _("Priority"), str(Priority(one.priority).label)
    yield _("Category"), one.category.label
    yield _("Where"), f"{placed(one.address, one.commune.name)}, {one.lat:.5f}, {one.lon:.5f}"
    yield _("Incident"), f"{one.incident.reference} {one.incident.title}".strip() if one.incident else ""
    yield _("Crew"), f"{one.crew.name} ({one.organisation})" if one.crew else ""
    yield _("Planned"), _span(one.slot_start, one.slot_end)
    yield _("Skills"), ", ".join(skills)
    yield _("On site by"), _moment(one.response_due)
    yield _("Done by"), _moment(one.repair_due)


def _times(one: Intervention) -> Iterable[tuple[str, str]]:
    named = {
        _("Asked for"): one.created_at, _("Assigned"): one.assigned_at, _("Accepted"): one.accepted_at,
        _("On the way"): one.departed_at, _("On site"): one.arrived_at, _("Done"): one.done_at,
        _("Verified"): one.verified_at,
    }  # fmt: skip
    for label, at in named.items():
        if at is not None:
            yield label, _moment(at)
    for pause in one.pauses.all():
        yield _("Clocks stopped"), f"{_span(pause.from_at, pause.to_at)} ({PauseReason(pause.reason).label})"
    if one.minutes_spent is not None:
        yield _("Time spent"), _("%(minutes)d min") % {"minutes": one.minutes_spent}


def _item(item: dict[str, Any]) -> tuple[str, str]:
    when = _moment(datetime.fromisoformat(item["done_at"])) if item.get("done") and item.get("done_at") else ""
    return item["text"], when


def _signature(one: Intervention) -> str:
    if one.verified_by is None:
        return _("Not verified yet.")
    who = {"name": one.verified_by.name, "when": _moment(one.verified_at)}
    return _("Verified by %(name)s on %(when)s.") % who


def _moment(at: datetime | None) -> str:
    return "" if at is None else date_format(localtime(at), "d/m/Y H:i")


def _span(start: datetime | None, end: datetime | None) -> str:
    return " – ".join(filter(None, (_moment(start), _moment(end))))
