"""Scenario files: one YAML each under `data/`, read with every field checked. docs/exercise.md describes them."""

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from crisis.exercise.workflow import Channel
from journal.errors import NotFound

FOLDER = Path(__file__).parent / "data"
_CLOCK = re.compile(r"T\+(\d{1,3}):([0-5]\d)\Z")
Line = Annotated[str, Meta(min_length=1, max_length=160)]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Clock = Annotated[str, Meta(pattern=r"^T\+\d{1,3}:[0-5]\d$")]


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class IncidentDraft(_File, frozen=True, kw_only=True):
    """What the post's own declaration needs; the text is the report's words."""

    category: str
    lat: float
    lon: float
    address: Annotated[str, Meta(max_length=200)] = ""
    priority: Literal["P1", "P2", "P3", "P4"] | None = None


class InjectDraft(_File, frozen=True, kw_only=True):
    """`at` and `within` as T+h:mm; `by` is how it reaches the players; `colour`: of the warning for the hazard that is the
    scenario's plan."""

    at: Clock
    by: Channel
    sender: Line
    receiver: Annotated[str, Meta(max_length=120)] = ""
    title: Line
    text: Text
    incident: IncidentDraft | None = None
    colour: Literal["", "green", "yellow", "orange", "red"] = ""
    expected: Annotated[str, Meta(max_length=400)] = ""
    within: Clock | None = None


class Scenario(_File, frozen=True, kw_only=True):
    """`plan` is the crisis plan's theme; `duration` as T+h:mm."""

    key: Annotated[str, Meta(pattern=r"^[a-z0-9-]{3,60}$")]
    title: Annotated[str, Meta(min_length=1, max_length=120)]
    plan: str
    summary: Text
    objectives: list[Line]
    duration: Clock
    injects: Annotated[list[InjectDraft], Meta(min_length=1)]


def span(clock: str) -> timedelta:
    """T+1:05 as one hour and five minutes. Raises ValueError."""
    found = _CLOCK.match(clock)
    if found is None:
        raise ValueError(f"not a time of a scenario: {clock!r}")
    return timedelta(hours=int(found[1]), minutes=int(found[2]))


@cache
def scenarios() -> dict[str, Scenario]:
    """Every scenario by its key, in the order of their files. Raises msgspec.ValidationError naming what is wrong."""
    read = [msgspec.yaml.decode(path.read_bytes(), type=Scenario) for path in sorted(FOLDER.glob("*.yaml"))]
    return {scenario.key: scenario for scenario in read}


def get(key: str) -> Scenario:
    """Raises NotFound."""
    found = scenarios().get(key)
    if found is None:
        raise NotFound
    return found
