"""The scripts ask for labels by key: every key has its text, in both languages."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from crisis.exercise import labels as exercise_labels
from incidents.models import EscalationState
from incidents.workflow import MOVES
from situation import cell_labels, labels

SCRIPTS = Path(__file__).parents[2] / "static" / "js"
# Where a key is put together, what may stand in its place.
PARTS = {
    "act": {*MOVES, "unwatch", "more", "refused"} - {"comment", "attach", "tick"},
    "link": {"connecting", "live", "polling", "lost", "out"},
    "strip": {"lost", "out"},
    "escalation": {*EscalationState.values},
    "procedure": {"done", "skipped"},
    "back": {"untouched", "snooze_over"},
}


# What a page starts with, and where its words come from.
PAGES = {
    "desk.js": labels.desk,
    "cell-room.js": cell_labels.room_with_link,
    **dict.fromkeys(("hall.js", "wall.js", "replay.js"), cell_labels.room),
    **dict.fromkeys(("exercise.js", "exercises.js"), exercise_labels.facilitator),
}


def loaded(name: str, known: frozenset[str] = frozenset()) -> frozenset[str]:
    """A module and all that it imports."""
    if name in known:
        return known
    known |= {name}
    for other in re.findall(r'from "\./([\w-]+\.js)"', (SCRIPTS / name).read_text(encoding="utf-8")):
        known |= loaded(other, known)
    return known


@pytest.mark.parametrize("page", PAGES)
def test_every_plain_key_has_a_label(db: None, page: str) -> None:
    source = "\n".join((SCRIPTS / name).read_text(encoding="utf-8") for name in loaded(page))
    help_keys = set(re.findall(r'"(help\.\w+)"', source)) if page in ("desk.js", "cell-room.js") else set()
    asked = set(re.findall(r'\bt\("([\w.]+)"', source)) | help_keys
    assert asked - set(PAGES[page]()) == set()


def test_every_key_put_together_has_a_label() -> None:
    known = set(labels.desk())
    asked = {f"{head}.{part}" for head, parts in PARTS.items() for part in parts}
    asked |= {f"done.{act}" for act in PARTS["act"] - {"more", "refused"}}
    assert asked - known == set()


def test_every_event_of_an_incident_can_be_told() -> None:
    from incidents import events

    kinds = {event.kind for event in vars(events).values() if isinstance(event, type) and hasattr(event, "kind")}
    told = {key.removeprefix("event.") for key in labels.desk() if key.startswith("event.")}
    assert {kind for kind in kinds if kind} - told == {"incidents.withdrawn"}


def test_placeholders_are_the_same_in_both_languages() -> None:
    def holes(label: object) -> list[set[str]]:
        texts = label.values() if isinstance(label, dict) else [label]
        return [set(re.findall(r"\{\w+\}", str(text))) for text in texts]

    with translation.override("en"):
        english = {key: holes(label) for key, label in labels.desk().items()}
    with translation.override("fr"):
        french = {key: holes(label) for key, label in labels.desk().items()}
    assert english == french
