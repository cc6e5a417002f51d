"""Webhooks of organisations: made, changed, stopped; and dead letters sent again."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from access.models import Organisation, Person
from access.selectors import Access, access_of
from access.services import require
from interventions import events
from interventions.models import Delivery, Webhook
from interventions.permissions import Permission
from interventions.signing import new_secret
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from journal.services import writing

MOST = 5  # of one organisation


def add_webhook(*, by: Person, organisation: UUID, url: str) -> Webhook:
    """Tell an organisation's system from now on. Its `secret` is shown in this answer alone. Raises NotFound,
    NotAllowed, Invalid (no https address), Conflict (five already)."""
    with writing(by) as record:
        owner = Organisation.objects.select_for_update().filter(id=organisation).first()
        access = access_of(by)
        if owner is None or not access.sees(["post", f"organisation:{organisation}"]):
            raise NotFound
        hook = Webhook(organisation=owner, url=checked_url(url), secret=new_secret())
        if not access.allows(Permission.MANAGE_LINKS, hook.audiences):
            raise NotAllowed(permission=Permission.MANAGE_LINKS)
        if Webhook.objects.filter(organisation=owner, active=True).count() >= MOST:
            raise Conflict(_("An organisation has five webhooks at most."))
        hook.save(force_insert=True)
        hook.refresh_from_db(fields=["created_at"])
        record(events.WebhookChanged(webhook=hook.id, active=True, host=_host(hook.url)), about=hook)
        return hook


def checked_url(url: str) -> str:
    """An https address with a host and nothing secret in it. Raises Invalid."""
    try:
        parts = urlsplit(url)
        plain = parts.hostname is not None and not parts.username and not parts.fragment and parts.port != 0
    except ValueError:
        plain = False
    schemes = ("https", "http") if settings.WEBHOOKS_TO_PRIVATE_ADDRESSES else ("https",)
    if not plain or urlsplit(url).scheme not in schemes:
        raise Invalid(errors={"url": [_("An https address, please.")]})
    return url


def change_webhook(*, webhook_id: UUID, by: Person, url: str, active: bool, version: int) -> Webhook:
    """Another address, or stop and go on. Raises NotFound, NotAllowed, Stale, Invalid."""
    with writing(by) as record:
        hook = _lock(webhook_id, access_of(by))
        if hook.version != version:
            raise Stale
        hook.url, hook.active = checked_url(url), active
        hook.version += 1
        hook.save()
        Webhook.objects.filter(id=hook.id).update(stopped_at=None if active else Now())
        record(events.WebhookChanged(webhook=hook.id, active=active, host=_host(hook.url)), about=hook)
        return hook


def _lock(webhook_id: UUID, access: Access, permission: Permission = Permission.MANAGE_LINKS) -> Webhook:
    hook = Webhook.objects.select_for_update(of=("self",)).filter(id=webhook_id).first()
    if hook is None:
        raise NotFound
    require(access, permission, hook)
    return hook


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def send_again(*, webhook_id: UUID, delivery_id: UUID, by: Person) -> Delivery:
    """A dead letter gets its tries anew, under its own id. Raises NotFound, NotAllowed, Conflict when it is not dead
    or its webhook is stopped (it would wait unseen)."""
    with writing(by) as record:
        hook = _lock(webhook_id, access_of(by), Permission.SEND_AGAIN)
        if not Delivery.objects.filter(id=delivery_id, webhook=hook).exists():
            raise NotFound
        if not hook.active:
            raise Conflict(_("This webhook is stopped: let it go on first."))
        fresh = {"dead_at": None, "attempts": 0, "next_at": Now(), "leased_until": None, "failure": ""}
        if not Delivery.objects.filter(id=delivery_id, dead_at__isnull=False).update(**fresh):
            raise Conflict(_("It is not among the dead letters."))
        again = Delivery.objects.get(id=delivery_id)
        record(events.WebhookSentAgain(webhook=hook.id, delivery=again.id, told=again.kind), about=hook)
        return again
