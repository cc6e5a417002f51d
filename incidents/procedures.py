"""What a published procedure says, and which ones an incident gets."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec

from incidents.calendars import seasons_at
from incidents.frozen import Shelf
from incidents.models import Incident, ProcedureVersion


class Phone(msgspec.Struct, frozen=True):
    who: str
    number: str


class Link(msgspec.Struct, frozen=True):
    words: str
    url: str


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`within`: minutes since the start."""

    who: str
    what: str
    within: int | None = None
    phones: tuple[Phone, ...] = ()
    links: tuple[Link, ...] = ()


class Frozen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published version; `category` with all below it."""

    key: str
    name: str
    category: str
    season: str = "all"
    purpose: str = ""
    steps: tuple[Step, ...] = ()

    def fits(self, category: str, seasons: frozenset[str]) -> bool:
        return self.season in seasons and f"{category}.".startswith(f"{self.category}.")


PUBLISHED = Shelf(ProcedureVersion, Frozen)


def choose(incident: Incident, among: Sequence[UUID], at: datetime) -> Sequence[UUID]:
    """The versions that an incident follows from an instant on, by name."""
    return _chosen(incident.category_id, tuple(among), seasons_at(at))


@lru_cache(maxsize=4096)  # versions never change, so the same category chooses the same ones
def _chosen(category: str, among: tuple[UUID, ...], seasons: frozenset[str]) -> Sequence[UUID]:
    fitting = [(one.name, key) for key, one in PUBLISHED.all(among).items() if one.fits(category, seasons)]
    return tuple(key for _name, key in sorted(fitting))
