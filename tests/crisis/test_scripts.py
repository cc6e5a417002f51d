"""Every address of the API that a script of the crisis room calls is one that exists."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from django.urls import resolve

SCRIPTS = Path(__file__).parents[2] / "static" / "js"
NAMES = ("hall.js", "replay.js", "wall.js", "zone-tools.js", *sorted(path.name for path in SCRIPTS.glob("cell-*.js")))
CELL, SOMEBODY = "/api/v1/crisis/cells/", str(UUID(int=7))
_WHOLE = re.compile(r"[`\"](/api/v1/[^`\"]*)[`\"]")
_PART = re.compile(r"path: [`\"]([^`\"]+)[`\"]")


def addresses(text: str) -> set[str]:
    """Whole ones, and those that forms and the outbox put behind their cell."""
    whole = set(_WHOLE.findall(text))
    parts = {f"{CELL}{SOMEBODY}/{part.rstrip('/')}/" for part in _PART.findall(text)}
    fixed = {
        one for one in whole | parts if not one.removesuffix("/").endswith("/${path}") and "${plan.path}" not in one
    }
    return {re.sub(r"\$\{[^}]*\}", SOMEBODY, one) for one in fixed}


def exists(address: str) -> bool:
    """What is not there is answered by a page of its own, without a name."""
    return resolve(address).url_name is not None


@pytest.mark.parametrize("name", NAMES)
def test_every_address_exists(name: str) -> None:
    found = addresses((SCRIPTS / name).read_text(encoding="utf-8"))
    assert [one for one in sorted(found) if not exists(one)] == []


def test_an_address_that_is_none_is_found() -> None:
    assert not exists(f"/api/v1/crisis/offers/{SOMEBODY}/answer/")
    assert addresses('call("POST", `/api/v1/crisis/offers/${one.id}/answer/`)') == {
        f"/api/v1/crisis/offers/{SOMEBODY}/answer/"
    }
