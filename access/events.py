from datetime import datetime
from typing import ClassVar
from uuid import UUID

from journal.events import Event


class LoggedIn(Event, frozen=True):
    kind: ClassVar[str] = "access.logged_in"
    method: str  # password, mfa, passkey, oidc, demo, client_credentials, api_key


class LoggedOut(Event, frozen=True):
    kind: ClassVar[str] = "access.logged_out"
    why: str  # asked, ended_elsewhere, ended_by_administrator, disabled, password_changed
    sessions: int  # how many ended


class LoginRefused(Event, frozen=True):
    """What was typed is never kept: an unknown login may be a password in the wrong field."""

    kind: ClassVar[str] = "access.login_refused"
    why: str  # wrong_credentials, wrong_code, throttled, disabled, no_duty, unknown_identity, machine
    method: str  # as LoggedIn
    login_known: bool


class Refused(Event, frozen=True):
    """Somebody signed in asked for what their duties do not allow."""

    kind: ClassVar[str] = "access.refused"
    permission: str
    object: UUID | None


class PersonChanged(Event, frozen=True):
    kind: ClassVar[str] = "access.person_changed"
    login: str
    active: bool


class DutyGiven(Event, frozen=True):
    kind: ClassVar[str] = "access.duty_given"
    duty: UUID
    role: str
    organisation: str
    communes: list[str]
    valid_from: datetime
    valid_until: datetime | None


class DutyEnded(Event, frozen=True):
    kind: ClassVar[str] = "access.duty_ended"
    duty: UUID
    role: str
    valid_until: datetime | None


class Granted(Event, frozen=True):
    kind: ClassVar[str] = "access.granted"
    object: UUID
    model: str


class GrantWithdrawn(Event, frozen=True):
    kind: ClassVar[str] = "access.grant_withdrawn"
    object: UUID
    model: str


class PasswordChanged(Event, frozen=True):
    kind: ClassVar[str] = "access.password_changed"


class SecondFactorAdded(Event, frozen=True):
    kind: ClassVar[str] = "access.second_factor_added"
    factor: str  # totp, webauthn, recovery_codes


class SecondFactorRemoved(Event, frozen=True):
    kind: ClassVar[str] = "access.second_factor_removed"
    factor: str


class OrganisationChanged(Event, frozen=True):
    kind: ClassVar[str] = "access.organisation_changed"
    organisation: str
    name: str


class ClientGiven(Event, frozen=True):
    kind: ClassVar[str] = "access.client_given"
    client: str
    name: str
    scopes: list[str]


class ClientRevoked(Event, frozen=True):
    kind: ClassVar[str] = "access.client_revoked"
    client: str


class KeyGiven(Event, frozen=True):
    kind: ClassVar[str] = "access.key_given"
    key: UUID
    label: str


class KeyRevoked(Event, frozen=True):
    kind: ClassVar[str] = "access.key_revoked"
    key: UUID
