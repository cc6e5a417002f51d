"""What somebody may see and do, now. Every list, object, file, export and socket asks here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now, TruncHour

from access import registry
from access.models import ApiKey, Person, Session
from access.roles import Role, duty_audiences
from journal.statements import prepared

# One round trip: duties in force (the database's clock decides), guardian's grants, and when the picture next changes.
_RIGHTS = """person.id, person.is_active,
  (select coalesce(json_agg(json_build_object('id', duty.id, 'role', duty.role,
            'organisation', duty.organisation_id, 'communes', duty.communes)), '[]')
     from access_duty duty where duty.person_id = person.id
      and duty.valid_from <= statement_timestamp()
      and (duty.valid_until is null or duty.valid_until > statement_timestamp())),
  (select coalesce(json_agg(distinct kind.model || ':' || grant_.object_pk), '[]')
     from guardian_userobjectpermission grant_ join django_content_type kind on kind.id = grant_.content_type_id
    where grant_.user_id = person.id),
  (select min(edge) from access_duty duty, lateral (values (duty.valid_from), (duty.valid_until)) edges(edge)
    where duty.person_id = person.id and edge > statement_timestamp())"""
_LOAD = f"select {_RIGHTS} from access_person person where person.id"  # noqa: S608  constants


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
    return _access(person, prepared(f"{_LOAD} = %s", [person.id]).fetchone())


def accesses_of(people: Sequence[Person]) -> list[Access]:
    """The rights of many, in their order: one query. For open sockets, all of which are checked again together."""
    found = prepared(f"{_LOAD} = any(%s)", [[person.id for person in people]])
    rows = {row[0]: row for row in found.fetchall()}
    return [_access(person, rows.get(person.id)) for person in people]


def _access(person: Person, row: Sequence[Any] | None) -> Access:
    if row is None or not row[1]:
        return Access(person.id, (), frozenset())
    _id, _active, duties, grants, until = row
    limit = None if person.scopes is None else registry.permissions_of(person.scopes)
    holdings = tuple(_holding(duty, limit) for duty in duties)
    return Access(person.id, holdings, frozenset(grants) if holdings else frozenset(), until)


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


def person_by_api_key(key: str) -> Person | None:
    """Whose key this is, while it is valid: one query, and at most one small write an hour for `last_used_at`."""
    found = (
        ApiKey.objects.select_related("person")
        .annotate(stale=Q(last_used_at=None) | Q(last_used_at__lt=TruncHour(Now())))
        .filter(digest=sha256(key.encode()).hexdigest(), revoked_at=None, person__is_active=True)
        .first()
    )
    if found is None:
        return None
    if found.stale:
        ApiKey.objects.filter(id=found.id).update(last_used_at=TruncHour(Now()))
    return found.person


_PERSON = tuple(field.attname for field in Person._meta.concrete_fields)
_BY_TOKEN = f"""
select token.scope, client.scopes, {_RIGHTS}, {", ".join(f"person.{name}" for name in _PERSON)}
from oauth2_provider_accesstoken token join access_client client on client.id = token.application_id
join access_person person on person.id = client.user_id
where token.token_checksum = %s and token.expires > statement_timestamp() and client.revoked_at is null and person.is_active
"""  # noqa: S608  names of our own columns


def machine_by_token(token: str) -> tuple[Person, Access] | None:
    """The machine whose OAuth 2 token this is, while it is valid, with the token's scopes; and its rights. One query."""
    found = prepared(_BY_TOKEN, [sha256(token.encode()).hexdigest()]).fetchone()
    if found is None:
        return None
    asked, allowed, *rights = found[:7]
    person: Person = Person.from_db(connection.alias, _PERSON, found[7:])
    person.scopes = frozenset(asked.split()) & frozenset(allowed)
    return person, _access(person, rights)


def person_by_token(token: str) -> Person | None:
    """The machine whose OAuth 2 token this is, while it is valid, with the token's scopes."""
    found = machine_by_token(token)
    return found[0] if found else None


def live_sessions(keys: Collection[str]) -> dict[str, UUID]:
    """Those of these session keys that are still signed in, with whom: one query, for open sockets."""
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=Now(), person__is_active=True)
    return {row.session_key: row.person_id for row in alive.only("session_key", "person_id") if row.person_id}
