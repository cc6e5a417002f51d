"""The scripts ask for labels by key: every key has its text, in both languages."""

import re
from pathlib import Path

from django.utils import translation

from incidents.workflow import MOVES
from situation import labels

SCRIPTS = Path(__file__).parents[2] / "static" / "js"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))
# Where a key is put together, what may stand in its place.
PARTS = {
    "act": {*MOVES, "unwatch", "more", "refused"} - {"comment", "attach"},
    "link": {"connecting", "live", "polling", "lost", "out"},
    "strip": {"lost", "out"},
}


def test_every_plain_key_has_a_label() -> None:
    asked = set(re.findall(r'\bt\("([\w.]+)"', SOURCE)) | set(re.findall(r'"(help\.\w+)"', SOURCE))
    assert asked - set(labels.desk()) == set()


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
