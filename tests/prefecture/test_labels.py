"""The link's scripts ask for labels by key: every key has its text, in both languages."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from prefecture import labels
from prefecture.models import Criterion, Instruction, LinkState, State
from prefecture.wire.kinds import FROM_POST, FROM_PREFECTURE, Step

pytestmark = pytest.mark.django_db
SCRIPTS = Path(__file__).parents[2] / "static" / "js"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("prefecture*.js"))
SHARED = "\n".join((SCRIPTS / f"{name}.js").read_text(encoding="utf-8") for name in ("api", "time"))
# Where a key is put together, what may stand in its place.
PARTS = {
    "pref.kind": FROM_POST | FROM_PREFECTURE,
    "pref.state": set(State),
    "pref.status": set(Instruction.Status),
    "pref.link": set(LinkState),
    "pref.step": set(Step),
    "pref.alarm": {"not_integrated", "not_read", "replaced"},
    "pref.said": {"not_integrated", "not_read"},
    "pref.alert.severity": {"Extreme", "Severe", "Moderate", "Minor"},
    "pref.alert.response": {"Monitor", "Avoid", "Shelter", "Evacuate", "Prepare", "AllClear"},
    "pref.proof": {"sha", "signature", "receipt", "body"},
    "link": {"connecting", "live", "polling", "lost", "out"},
}


def test_every_key_has_a_label() -> None:
    known = set(labels.page())
    assert set(re.findall(r'\bt\("([\w.]+)"', SOURCE + SHARED)) - known == set()
    assert {f"{head}.{part}" for head, parts in PARTS.items() for part in parts} - known == set()
    assert {f"pref.criterion.{one.key}" for one in Criterion.objects.all()} - known == set()


def test_placeholders_are_the_same_in_both_languages() -> None:
    found = []
    for language in ("en", "fr"):
        with translation.override(language):
            page = labels.page()
        found.append({key: sorted(re.findall(r"\{\w+\}", str(text))) for key, text in page.items()})
    assert found[0] == found[1]
