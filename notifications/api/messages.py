"""One's own messages, and how one is reached."""

from datetime import time
from uuid import UUID

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from journal.api.answers import answer, nothing
from journal.api.pages import cursor_parts, cursor_text
from journal.idempotency import Answer
from notifications import acks, services
from notifications.api import shapes
from notifications.models import Contact, Message
from notifications.permissions import Permission
from notifications.selectors import own_messages, unread


class MessagesView(View):
    @endpoint("What I was told", right=Permission.RECEIVE, query=shapes.MessagesQuery, answer=shapes.MessagesShape)
    def get(self, call: Call) -> Answer:
        asked = call.query(shapes.MessagesQuery)
        before = cursor_parts(asked.cursor) if asked.cursor else None
        found = list(own_messages(call.by, before=before).prefetch_related("deliveries")[: asked.limit + 1])
        last = found[asked.limit - 1] if len(found) > asked.limit else None
        results = [_shape(one) for one in found[: asked.limit]]
        return answer(
            shapes.MessagesShape(results, unread(call.by), cursor_text(last.told_at, last.id) if last else None)
        )


class AcknowledgeView(View):
    @endpoint("I take it up", right=Permission.RECEIVE, body=shapes.NothingBody, answer=shapes.MessageShape)
    def post(self, call: Call, message_id: UUID) -> Answer:
        call.body(shapes.NothingBody)
        return answer(_shape(services.acknowledge(message_id=message_id, by=call.by)))


class ReadView(View):
    @endpoint("I have seen it", right=Permission.RECEIVE, body=shapes.NothingBody, answer=shapes.MessageShape)
    def post(self, call: Call, message_id: UUID) -> Answer:
        call.body(shapes.NothingBody)
        return answer(_shape(services.mark_read(message_id=message_id, by=call.by)))


def _shape(message: Message) -> shapes.MessageShape:
    awaited = message.wants_ack and message.acknowledged_at is None
    return shapes.message_of(message, acks.says(message) if awaited else "")


class PreferencesView(View):
    @endpoint("How I am reached", right=Permission.RECEIVE, answer=shapes.PreferencesShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return _preferences(Contact.objects.filter(person=call.by).first() or Contact(person=call.by))

    @endpoint(
        "Change how I am reached",
        right=Permission.RECEIVE,
        body=shapes.PreferencesBody,
        answer=shapes.PreferencesShape,
        versioned=True,
    )
    def put(self, call: Call) -> Answer:
        version, body = call.version, call.body(shapes.PreferencesBody)
        wishes = services.Wishes(
            phone=body.phone, vital=body.vital, urgent=body.urgent, normal=body.normal, cap=body.cap,
            quiet_from=hour(body.quiet_from), quiet_until=hour(body.quiet_until),
        )  # fmt: skip
        return _preferences(services.save_contact(wishes=wishes, by=call.by, version=version))


def _preferences(contact: Contact) -> Answer:
    return answer(shapes.preferences_of(contact), ETag=f'"{contact.version}"')


def hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


class SubscriptionsView(View):
    @endpoint(
        "Notify this browser",
        right=Permission.RECEIVE,
        body=shapes.SubscriptionBody,
        answer=shapes.IdShape,
        status=201,
    )
    def post(self, call: Call) -> Answer:
        body = call.body(shapes.SubscriptionBody)
        made = services.subscribe(
            endpoint=body.endpoint, public=body.public, auth=body.auth, device=body.device, by=call.by
        )
        return answer(shapes.IdShape(made.id), status=201)


class SubscriptionView(View):
    @endpoint("No longer notify this browser", right=Permission.RECEIVE, status=204)
    def delete(self, call: Call, subscription_id: UUID) -> Answer:
        services.unsubscribe(subscription_id=subscription_id, by=call.by)
        return nothing()
