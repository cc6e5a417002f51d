"""Machines: OAuth 2 clients and API keys. Secrets are shown once, when they are made; only their hashes are kept."""

import secrets
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from django.db.models.functions import Now
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken

from access import events, registry
from access.models import ApiKey, Client, Person
from access.permissions import Permission
from access.selectors import access_of
from access.services import require_anywhere
from journal.errors import Conflict, Invalid, NotFound
from journal.services import writing


def digest(secret: str) -> str:
    """SHA-256, 64 hex digits. Enough for a secret of 256 random bits, and findable by an index."""
    return sha256(secret.encode()).hexdigest()


def create_client(*, person: Person, name: str, scopes: Iterable[str], by: Person | None) -> tuple[Client, str]:
    """Give a machine an OAuth 2 client (client credentials). Returns it with its secret. Raises NotAllowed, Invalid."""
    wanted = sorted(set(scopes))
    unknown = set(wanted) - set(registry.scopes())
    if unknown or not wanted:
        names = ", ".join(sorted(registry.scopes()))
        raise Invalid(_("Unknown or missing scope; there are: %(names)s.") % {"names": names})
    with writing(by) as record:
        _require_manager(by)
        _require_machine(person)
        secret = secrets.token_urlsafe(32)
        client = Client.objects.create(
            user=person,
            name=name,
            scopes=wanted,
            client_id=secrets.token_hex(16),
            client_secret=secret,
            client_type=Client.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS,
        )
        record(events.ClientGiven(client=client.client_id, name=name, scopes=wanted), about=person)
    return client, secret


def revoke_client(*, client_id: str, by: Person | None) -> Client:
    """End a client at once, its tokens included. Raises NotAllowed, NotFound, Conflict when it has ended already."""
    with writing(by) as record:
        _require_manager(by)
        client: Client | None = Client.objects.select_related("user").filter(client_id=client_id).first()
        if client is None:
            raise NotFound
        if not Client.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=Now()):
            raise Conflict(_("It was revoked already."))
        AccessToken.objects.filter(application=client).delete()
        record(events.ClientRevoked(client=client.client_id), about=client.user)
    return client


def create_api_key(*, person: Person, label: str, by: Person | None) -> tuple[ApiKey, str]:
    """Give a machine an API key. Returns it with the key itself. Raises NotAllowed, Invalid."""
    with writing(by) as record:
        _require_manager(by)
        _require_machine(person)
        secret = secrets.token_urlsafe(32)
        key = ApiKey.objects.create(person=person, label=label, digest=digest(secret))
        record(events.KeyGiven(key=key.id, label=label), about=person)
    return key, secret


def revoke_api_key(*, key_id: UUID, by: Person | None) -> ApiKey:
    """End an API key at once. Raises NotAllowed, NotFound, Conflict when it has ended already."""
    with writing(by) as record:
        _require_manager(by)
        key = ApiKey.objects.select_related("person").filter(id=key_id).first()
        if key is None:
            raise NotFound
        if not ApiKey.objects.filter(id=key_id, revoked_at=None).update(revoked_at=Now()):
            raise Conflict(_("It was revoked already."))
        record(events.KeyRevoked(key=key.id), about=key.person)
    return key


def forget_old_tokens() -> int:
    """Delete OAuth 2 tokens that have expired; returns how many."""
    return int(AccessToken.objects.filter(expires__lt=Now()).delete()[0])


def _require_manager(by: Person | None) -> None:
    if by is not None:
        require_anywhere(access_of(by), Permission.MANAGE_PEOPLE)


def _require_machine(person: Person) -> None:
    if person.kind != Person.Kind.MACHINE:
        raise Invalid(_("Only a machine gets keys; people sign in."))
