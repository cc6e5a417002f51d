"""What a published policy says, and which one an incident gets."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from incidents.calendars import calendars_at
from incidents.frozen import Shelf
from incidents.models import Incident, PolicyVersion, StepAct

TELLING = frozenset({StepAct.DUTY, StepAct.ROTA, StepAct.PERSON, StepAct.ORGANISATION})


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`after`: seconds since the start. `target`: a role, a rota's key, an id, a priority or a policy's key, by `act`;
    `name`: what people call it, as it was when the policy was published."""

    after: int
    act: str
    target: str = ""
    name: str = ""
    vital: bool = False

    @property
    def tells(self) -> bool:
        return self.act in TELLING

    def calls(self, rota: str) -> bool:
        """Whether it tells whoever is on call in the rota of this key."""
        return self.act == StepAct.ROTA and self.target == rota


class Facts(NamedTuple):
    """What of an incident decides: its category, priority, commune and owner."""

    category: str
    priority: str
    commune: str
    organisation: UUID | None


class Frozen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published version. `untouched`: seconds after which an acknowledged incident that nobody touches comes back, 0
    for never. Empty `category`, `priorities`, `communes`, `organisation`: any."""

    key: str
    name: str
    category: str = ""
    priorities: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    organisation: UUID | None = None
    calendar: str = "always"
    untouched: int = 0
    active: bool = True
    steps: tuple[Step, ...] = ()

    def fits(self, facts: Facts, calendars: frozenset[str]) -> bool:
        """Whether it is meant for such an incident, at a time that lies in these calendars."""
        return (
            self.active
            and self.calendar in calendars
            and (not self.category or f"{facts.category}.".startswith(f"{self.category}."))
            and (not self.priorities or facts.priority in self.priorities)
            and (not self.communes or facts.commune in self.communes)
            and (self.organisation is None or facts.organisation == self.organisation)
        )

    @property
    def narrowness(self) -> tuple[int, bool, bool, bool, bool]:
        """The narrower one wins: first by category, then owner, commune, time, priority."""
        depth = self.category.count(".") + 1 if self.category else 0
        named = (self.organisation is not None, bool(self.communes), self.calendar != "always", bool(self.priorities))
        return (depth, *named)


PUBLISHED = Shelf(PolicyVersion, Frozen)


def choose(incident: Incident, among: Sequence[UUID], at: datetime) -> tuple[UUID, Frozen] | None:
    """The version that an incident gets at an instant: the narrowest that fits; None when none does."""
    facts = Facts(incident.category_id, incident.priority, incident.commune_id, incident.organisation_id)
    return _chosen(facts, tuple(among), calendars_at(at))


@lru_cache(maxsize=4096)  # versions never change, so the same facts choose the same one
def _chosen(facts: Facts, among: tuple[UUID, ...], calendars: frozenset[str]) -> tuple[UUID, Frozen] | None:
    fitting = [(key, one) for key, one in PUBLISHED.all(among).items() if one.fits(facts, calendars)]
    return max(fitting, key=lambda found: (found[1].narrowness, found[1].key), default=None)


def in_force_at(instant: datetime) -> list[UUID]:
    """The version of each policy that was current at an instant: what an incident declared then lives by for good."""
    made = PolicyVersion.objects.filter(made_at__lte=instant).order_by("policy_id", "-number")
    return list(made.distinct("policy_id").values_list("id", flat=True))


def next_due(frozen: Frozen, *, done: int, since: datetime) -> datetime | None:
    """When the step after `done` of them is due: elapsed time, whatever the clock on the wall does meanwhile."""
    if done >= len(frozen.steps):
        return None
    return since.astimezone(UTC) + timedelta(seconds=frozen.steps[done].after)
