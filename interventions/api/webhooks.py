"""Webhooks of organisations and what became of their messages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from django.db.models import Count, Q
from msgspec import UNSET, Meta, UnsetType

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from access.selectors import Access
from incidents.api.bodies import NUL_FREE, NothingBody, Strict
from interventions.models import Delivery, Webhook
from interventions.permissions import Permission
from interventions.services import linking
from journal.api.answers import answer
from journal.errors import NotFound
from journal.idempotency import Answer

Url = Annotated[str, Meta(max_length=300, pattern=NUL_FREE)]
SHOWN = 200  # latest messages of a webhook


class AddBody(Strict, frozen=True, kw_only=True):
    organisation: UUID
    url: Url


class ChangeBody(Strict, frozen=True, kw_only=True):
    url: Url
    active: bool


class WebhookShape(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` is there in the answer that made it, and never again."""

    id: UUID
    organisation: UUID
    url: str
    active: bool
    created_at: datetime
    stopped_at: datetime | None
    waiting: int
    dead: int
    secret: str | UnsetType = UNSET


class WebhooksShape(msgspec.Struct, frozen=True):
    results: list[WebhookShape]


class DeliveryShape(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    about: UUID
    made_at: datetime
    next_at: datetime
    attempts: int
    delivered_at: datetime | None
    dead_at: datetime | None
    failure: str


class DeliveriesShape(msgspec.Struct, frozen=True):
    """The latest 200, newest first."""

    results: list[DeliveryShape]


def in_reach(access: Access) -> list[Webhook]:
    """The post's coordinators see all, others those of their organisations; with what waits and what died: one query."""
    owners = [name.partition(":")[2] for name in access.audiences if name.startswith("organisation:")]
    found = Webhook.objects.all() if "post" in access.audiences else Webhook.objects.filter(organisation_id__in=owners)
    undelivered = Q(deliveries__delivered_at=None)
    waiting = Count("deliveries", filter=undelivered & Q(deliveries__isnull=False, deliveries__dead_at=None))
    return list(found.annotate(waiting=waiting, dead=Count("deliveries", filter=Q(deliveries__dead_at__isnull=False))))


def shape(hook: Webhook, *, secret: bool = False) -> WebhookShape:
    plain = {name: getattr(hook, name) for name in ("id", "url", "active", "created_at", "stopped_at")}
    return WebhookShape(
        **plain,
        organisation=hook.organisation_id,
        waiting=getattr(hook, "waiting", 0),
        dead=getattr(hook, "dead", 0),
        secret=hook.secret if secret else UNSET,
    )


def _answer(hook: Webhook, *, status: int = 200, secret: bool = False) -> Answer:
    return answer(shape(hook, secret=secret), status=status, ETag=f'"{hook.version}"')


class WebhooksView(View):
    @endpoint("Webhooks in reach", right=Permission.MANAGE_LINKS, answer=WebhooksShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(WebhooksShape([shape(hook) for hook in in_reach(call.access)]))

    @endpoint(
        "Tell an organisation's own system",
        right=Permission.MANAGE_LINKS,
        body=AddBody,
        answer=WebhookShape,
        status=201,
    )
    def post(self, call: Call) -> Answer:
        body = call.body(AddBody)
        made = linking.add_webhook(by=call.by, organisation=body.organisation, url=body.url)
        return _answer(made, status=201, secret=True)


def one(call: Call, webhook_id: UUID) -> Webhook:
    found = next((hook for hook in in_reach(call.access) if hook.id == webhook_id), None)
    if found is None:
        raise NotFound
    return found


class WebhookView(View):
    @endpoint("One webhook", right=Permission.MANAGE_LINKS, answer=WebhookShape)
    def get(self, call: Call, webhook_id: UUID) -> Answer:
        return _answer(one(call, webhook_id))

    @endpoint(
        "Another address, or stop and go on",
        right=Permission.MANAGE_LINKS,
        body=ChangeBody,
        answer=WebhookShape,
        versioned=True,
    )
    def put(self, call: Call, webhook_id: UUID) -> Answer:
        version, body = call.version, call.body(ChangeBody)
        return _answer(
            linking.change_webhook(webhook_id=webhook_id, by=call.by, url=body.url, active=body.active, version=version)
        )


def _delivery(row: Delivery) -> DeliveryShape:
    return DeliveryShape(**{name: getattr(row, name) for name in DeliveryShape.__struct_fields__})


class DeliveriesView(View):
    @endpoint("Its latest messages and what became of them", right=Permission.MANAGE_LINKS, answer=DeliveriesShape)
    def get(self, call: Call, webhook_id: UUID) -> Answer:
        rows = Delivery.objects.filter(webhook=one(call, webhook_id)).order_by("-made_at")[:SHOWN]
        return answer(DeliveriesShape([_delivery(row) for row in rows]))


class SendAgainView(View):
    @endpoint("Send a dead letter again", right=Permission.SEND_AGAIN, body=NothingBody, answer=DeliveryShape)
    def post(self, call: Call, webhook_id: UUID, delivery_id: UUID) -> Answer:
        call.body(NothingBody)
        return answer(_delivery(linking.send_again(webhook_id=webhook_id, delivery_id=delivery_id, by=call.by)))
