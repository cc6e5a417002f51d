"""What somebody may see and do, now. Every list, object, file, export and socket asks here."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from access import registry
from access.models import Person
from access.roles import Role, duty_audiences

# One round trip: duties in force (the database's clock decides), guardian's grants, and when the picture next changes.
_LOAD = """
select person.is_active,
  (select coalesce(json_agg(json_build_object('id', duty.id, 'role', duty.role,
            'organisation', duty.organisation_id, 'communes', duty.communes)), '[]')
     from access_duty duty where duty.person_id = person.id
      and duty.valid_from <= now() and (duty.valid_until is null or duty.valid_until > now())),
  (select coalesce(json_agg(distinct kind.model || ':' || grant_.object_pk), '[]')
     from guardian_userobjectpermission grant_ join django_content_type kind on kind.id = grant_.content_type_id
    where grant_.user_id = person.id),
  (select min(edge) from access_duty duty, lateral (values (duty.valid_from), (duty.valid_until)) edges(edge)
    where duty.person_id = person.id and edge > now())
from access_person person where person.id = %s
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """One duty in force: what it carries, and for which audiences."""

    role: Role
    organisation: str
    communes: tuple[str, ...]
    permissions: frozenset[str]
    audiences: frozenset[str]


@dataclass(frozen=True)
class Access:
    """A person's rights at one instant. `until`: when they next change by themselves."""

    person: UUID | None
    holdings: tuple[Holding, ...]
    granted: frozenset[str]
    until: datetime | None = None

    @cached_property
    def audiences(self) -> frozenset[str]:
        """Everything this person may see lies in one of these."""
        own = {f"person:{self.person}"} if self.person else {"public"}
        return frozenset(own).union(self.granted, *(holding.audiences for holding in self.holdings))

    @cached_property
    def permissions(self) -> frozenset[str]:
        return frozenset[str]().union(*(holding.permissions for holding in self.holdings))

    def holds(self, permission: str) -> bool:
        """Whether some duty carries it, wherever."""
        return permission in self.permissions

    def sees(self, audiences: Iterable[str]) -> bool:
        return not self.audiences.isdisjoint(audiences)

    def allows(self, permission: str, audiences: Collection[str]) -> bool:
        """Whether a duty carries the permission for an object of these audiences (its own reach, or a grant by name)."""
        named = not self.granted.isdisjoint(audiences)
        return any(
            permission in holding.permissions and (named or not holding.audiences.isdisjoint(audiences))
            for holding in self.holdings
        )

    def allows_in(self, permission: str, commune: str) -> bool:
        """Whether a duty carries the permission in a commune (INSEE code), for acts that have no object yet."""
        return any(
            permission in holding.permissions and (not holding.communes or commune in holding.communes)
            for holding in self.holdings
        )


ANONYMOUS = Access(None, (), frozenset())


def access_of(person: Person) -> Access:
    """Load somebody's rights afresh: one query. A disabled or vanished person has none."""
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, [person.id])
        row = cursor.fetchone()
    if row is None or not row[0]:
        return Access(person.id, (), frozenset())
    _, duties, grants, until = row
    limit = None if person.scopes is None else registry.permissions_of(person.scopes)
    holdings = tuple(_holding(duty, limit) for duty in _json(duties))
    return Access(person.id, holdings, frozenset(_json(grants)) if holdings else frozenset(), until)


def _json(value: Any) -> Any:
    # Django hands json over as text to raw cursors; psycopg would have parsed it.
    return json.loads(value) if isinstance(value, str) else value


def _holding(duty: dict[str, Any], limit: frozenset[str] | None) -> Holding:
    role = Role(duty["role"])
    carried = registry.carried(role)
    return Holding(
        role=role,
        organisation=duty["organisation"],
        communes=tuple(duty["communes"]),
        permissions=carried if limit is None else carried & limit,
        audiences=duty_audiences(role, organisation=duty["organisation"], communes=duty["communes"]),
    )
