"""The category tree and the organisations, as files: complete and consistent."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from territory.loading import outlines

ROOT = Path(__file__).resolve().parents[2]
CATEGORIES: list[dict[str, Any]] = tomllib.loads((ROOT / "incidents/data/categories.toml").read_text())["category"]
ORGANISATIONS: list[dict[str, Any]] = tomllib.loads((ROOT / "access/data/organisations.toml").read_text())[
    "organisation"
]
TOP = (
    "public_safety roads lighting traffic_signals buildings water cleanliness green_spaces weather mobility hazard "
    "crisis other"
)
LEAVES = [one for one in CATEGORIES if "." in one["key"]]


def test_the_tree_has_the_branches_of_the_domain_and_enough_leaves() -> None:
    keys = [one["key"] for one in CATEGORIES]
    assert len(keys) == len(set(keys))
    assert [key for key in keys if "." not in key] == TOP.split()
    assert len(LEAVES) >= 70
    assert {one["key"].partition(".")[0] for one in LEAVES} == set(TOP.split())


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda one: one["key"])
def test_a_category(category: dict[str, Any]) -> None:
    assert category["organisation"] in {one["key"] for one in ORGANISATIONS}
    assert category["default_priority"] in {"P1", "P2", "P3", "P4"}
    assert 0 < category["first_response_minutes"] < category["resolution_minutes"]
    assert 0 < len(category["label_fr"]) <= 80
    assert 0 < len(category["label_en"]) <= 80
    assert category["keywords"]
    assert all(0 < len(word) <= 40 for word in category["keywords"])
    assert len(set(category["keywords"])) == len(category["keywords"])
    assert isinstance(category["public"], bool)


def test_urgent_categories_are_answered_sooner() -> None:
    slowest = {
        priority: max(one["first_response_minutes"] for one in LEAVES if one["default_priority"] == priority)
        for priority in ("P1", "P2", "P3")
    }
    assert slowest["P1"] <= 30
    assert slowest["P2"] <= 120


def test_police_matters_are_not_public() -> None:
    assert not any(one["public"] for one in CATEGORIES if one["key"].startswith(("public_safety", "crisis")))
    assert sum(one["public"] for one in LEAVES) >= 40


def test_labels_tell_categories_apart() -> None:
    for language in ("label_fr", "label_en"):
        labels = [one[language] for one in CATEGORIES]
        assert len(labels) == len(set(labels))


def test_organisations() -> None:
    keys = [one["key"] for one in ORGANISATIONS]
    assert len(keys) == len(set(keys))
    by_kind: dict[str, list[str]] = {}
    for one in ORGANISATIONS:
        by_kind.setdefault(one["kind"], []).append(one["key"])
    assert by_kind["metropolis"] == ["dijon-metropole"]
    assert by_kind["transit"] == ["divia"]
    assert by_kind["prefecture"] == ["prefecture-21"]
    assert sorted(by_kind["commune"]) == sorted(f"commune-{one['id']}" for one in outlines())
    assert "police-municipale-dijon" in by_kind["police"]
    assert {"eclairage", "voirie", "espaces-verts", "proprete", "batiments", "eau"} <= set(by_kind["partner"])
    communes = {one["id"] for one in outlines()}
    for one in ORGANISATIONS:
        assert (one["commune"] in communes) == (one["kind"] in ("commune", "police"))
