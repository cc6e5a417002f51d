"""The link for the people of this room: its state, what was said, and the acts on it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from access.selectors import Access
from journal.api.answers import answer
from journal.api.errors import Malformed
from journal.idempotency import Answer
from prefecture import selectors, services
from prefecture.api import bodies
from prefecture.models import Message
from prefecture.permissions import Permission
from prefecture.rows import DraftRow, InstructionRow, LinkRow, MessageRow, draft_row, instruction_row, message_row


def picture(access: Access, *, crisis: UUID | None = None) -> bodies.LinkPage:
    """The page's data of all crises, or what a pane shows of one: no conversations beside it."""
    alone = crisis is not None
    return bodies.LinkPage(
        link=selectors.link(),
        conversations=[] if alone else [_conversation(one) for one in selectors.conversations(access)],
        messages=[message_row(one) for one in selectors.page(access=access, crisis=crisis, limit=200)],
        instructions=[instruction_row(one) for one in selectors.instructions(access, crisis=crisis)],
        drafts=[draft_row(one) for one in selectors.drafts(access, crisis=crisis)],
        rights={one.name.lower(): access.holds(one) for one in Permission},
    )


def _conversation(one: selectors.Conversation) -> bodies.ConversationShape:
    return bodies.ConversationShape(
        one.crisis, one.title, one.messages, one.last_at, one.unread, one.waiting, one.alarms
    )


class LinkStateView(View):
    @endpoint("How the link with the prefecture is", right=Permission.SEE_LINK, answer=LinkRow)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(selectors.link())


class PictureView(View):
    @endpoint("Everything of the link's page", right=Permission.VIEW, query=bodies.PictureQuery, answer=bodies.LinkPage)
    def get(self, call: Call) -> Answer:
        return answer(picture(call.access, crisis=call.query(bodies.PictureQuery).crisis))


class MessagesView(View):
    @endpoint(
        "Messages both ways, newest first", right=Permission.VIEW, query=bodies.ListQuery, answer=bodies.MessagesShape
    )
    def get(self, call: Call) -> Answer:
        asked = call.query(bodies.ListQuery)
        found = selectors.page(
            access=call.access, crisis=asked.crisis, after=_place(asked.cursor), limit=asked.limit + 1
        )
        shown = found[: asked.limit]
        following = _cursor(shown[-1]) if len(found) > asked.limit else None
        return answer(bodies.MessagesShape([message_row(one) for one in shown], following))

    @endpoint("Send a message", right=Permission.SEND, body=bodies.SendBody, answer=MessageRow, status=201)
    def post(self, call: Call) -> Answer:
        asked = msgspec.structs.asdict(call.body(bodies.SendBody))
        return answer(message_row(services.send(by=call.by, **asked)), status=201)


def _cursor(message: Message) -> str:
    return f"{message.created_at.isoformat()}_{message.id}"


def _place(cursor: str) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    at, _line, id_ = cursor.partition("_")
    try:
        instant = datetime.fromisoformat(at)
        instant.astimezone()
        found = instant, UUID(id_)
    except (ValueError, OverflowError) as error:
        raise Malformed(errors={"cursor": ["not a cursor"]}) from error
    if found[0].tzinfo is None:
        raise Malformed(errors={"cursor": ["not a cursor"]})
    return found


class AlertsView(View):
    @endpoint(
        "Ask the prefecture to alert the public",
        right=Permission.SEND,
        body=bodies.AlertBody,
        answer=MessageRow,
        status=201,
    )
    def post(self, call: Call) -> Answer:
        asked = msgspec.structs.asdict(call.body(bodies.AlertBody))
        crisis = asked.pop("crisis")
        made = services.ask(by=call.by, wish=services.Wish(**asked), crisis=crisis)
        return answer(message_row(made), status=201)


class MessageView(View):
    @endpoint("One message with what proves it", right=Permission.VIEW, answer=bodies.MessageDetail)
    def get(self, call: Call, message_id: UUID) -> Answer:
        call.query(NoQuery)
        found = selectors.get(message_id=message_id, access=call.access)
        return answer(
            bodies.MessageDetail(
                row=message_row(found),
                text=found.text,
                body=bytes(found.raw).decode(),
                sha256=bytes(found.digest).hex(),
                signature=found.signature,
                receipt=found.answer,
            )
        )


class ReadView(View):
    @endpoint("Say that it was read", right=Permission.READ, body=bodies.NothingBody, answer=MessageRow)
    def post(self, call: Call, message_id: UUID) -> Answer:
        call.body(bodies.NothingBody)
        return answer(message_row(services.read(message_id=message_id, by=call.by)))


class AgainView(View):
    @endpoint("Send what was not delivered again", right=Permission.SEND, body=bodies.NothingBody, answer=MessageRow)
    def post(self, call: Call, message_id: UUID) -> Answer:
        call.body(bodies.NothingBody)
        return answer(message_row(services.send_again(message_id=message_id, by=call.by)))


class DoneView(View):
    @endpoint(
        "An instruction was carried out", right=Permission.READ, body=bodies.NothingBody, answer=InstructionRow,
        versioned=True,
    )  # fmt: skip
    def post(self, call: Call, instruction_id: UUID) -> Answer:
        call.body(bodies.NothingBody)
        done = services.say_done(instruction_id=instruction_id, by=call.by, version=call.version)
        return answer(instruction_row(done), ETag=f'"{done.version}"')


class ApproveView(View):
    @endpoint(
        "Approve a draft and send it",
        right=Permission.DECIDE,
        body=bodies.ApproveBody,
        answer=MessageRow,
        versioned=True,
    )
    def post(self, call: Call, draft_id: UUID) -> Answer:
        said: dict[str, Any] = msgspec.structs.asdict(call.body(bodies.ApproveBody))
        return answer(message_row(services.approve(draft_id=draft_id, by=call.by, version=call.version, **said)))


class DismissView(View):
    @endpoint("Dismiss a draft", right=Permission.DECIDE, body=bodies.DismissBody, answer=DraftRow, versioned=True)
    def post(self, call: Call, draft_id: UUID) -> Answer:
        reason = call.body(bodies.DismissBody).reason
        return answer(draft_row(services.dismiss(draft_id=draft_id, by=call.by, version=call.version, reason=reason)))
