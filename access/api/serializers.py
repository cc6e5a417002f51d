"""What the API says about people: shapes only."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from access.models import Organisation, Person
from access.selectors import Access

Words = Annotated[str, Meta(max_length=100, pattern=r"^[^\u0000]*$")]


class OrganisationShape(msgspec.Struct, frozen=True):
    id: UUID
    key: str
    name: str
    kind: str
    commune: str


class DutyShape(msgspec.Struct, frozen=True):
    """One duty in force. No communes: all."""

    role: str
    organisation: UUID
    communes: list[str]
    permissions: list[str]


class MeShape(msgspec.Struct, frozen=True):
    id: UUID
    login: str
    name: str
    kind: str
    language: str
    organisation: UUID
    duties: list[DutyShape]
    permissions: list[str]
    scopes: list[str] | None


class PersonShape(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    organisation: UUID


class PeopleShape(msgspec.Struct, frozen=True):
    results: list[PersonShape]


class OrganisationsShape(msgspec.Struct, frozen=True):
    results: list[OrganisationShape]


class PeopleQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`q`: part of a name; `organisation`: of these only."""

    q: Words = ""
    organisation: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes no parameters."""


def me_of(person: Person, access: Access) -> MeShape:
    duties = [
        DutyShape(
            role=str(holding.role),
            organisation=UUID(holding.organisation),
            communes=list(holding.communes),
            permissions=sorted(holding.permissions),
        )
        for holding in access.holdings
    ]
    return MeShape(
        id=person.id,
        login=person.login,
        name=person.name,
        kind=person.kind,
        language=person.language,
        organisation=person.organisation_id,
        duties=duties,
        permissions=sorted(access.permissions),
        scopes=None if person.scopes is None else sorted(person.scopes),
    )


def organisation_of(organisation: Organisation) -> OrganisationShape:
    return OrganisationShape(
        id=organisation.id,
        key=organisation.key,
        name=organisation.name,
        kind=organisation.kind,
        commune=organisation.commune,
    )
