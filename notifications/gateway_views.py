"""What the gateway tells us: receipts and answers, signed (docs/gateway.md). Each may come twice."""

from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from msgspec import Meta

from notifications.channels import wire
from notifications.nudging import nudge
from notifications.services.recording import record_receipt
from notifications.services.replying import receive_reply

LARGEST = 16_384  # bytes
Text = Annotated[str, Meta(max_length=2000, pattern=r"^[^\u0000]*$")]
T = TypeVar("T")


class Receipt(msgspec.Struct, frozen=True):
    """`id` is the one that we sent with the message."""

    id: UUID
    state: str
    why: Text = ""


class Answer(msgspec.Struct, frozen=True):
    """`id` is the gateway's own for this answer; `in_reply_to` the id of the call in which a key was pressed."""

    id: Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\u0000]*$")]
    from_: Text = msgspec.field(name="from")
    text: Text
    in_reply_to: UUID | None = None


class _Refused(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@csrf_exempt
@require_POST
def receipts(request: HttpRequest) -> JsonResponse:
    """A message has arrived, or never will."""
    try:
        receipt = _read(request, Receipt)
    except _Refused as refusal:
        return _refuse(refusal)
    if receipt.state not in ("delivered", "failed"):
        return JsonResponse({"known": False})
    known = record_receipt(delivery_id=receipt.id, delivered=receipt.state == "delivered", said=receipt.why)
    nudge()
    return JsonResponse({"known": known})


@csrf_exempt
@require_POST
def replies(request: HttpRequest) -> JsonResponse:
    """Somebody has answered. What stands in `answer` is for the gateway to send them."""
    try:
        reply = _read(request, Answer)
    except _Refused as refusal:
        return _refuse(refusal)
    found = receive_reply(reply_id=reply.id, phone=reply.from_, text=reply.text, in_reply_to=reply.in_reply_to)
    return JsonResponse({"understood": found.what, "answer": found.answer})


def _read(request: HttpRequest, shape: type[T]) -> T:
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        raise _Refused(413, "too large")
    if not wire.is_signed(settings.GATEWAY_SECRET, request.body, request.headers):
        raise _Refused(403, "not signed by the gateway of this post")
    try:
        return msgspec.json.decode(request.body, type=shape)
    except msgspec.MsgspecError as error:
        raise _Refused(422, str(error)) from error


def _refuse(refusal: _Refused) -> JsonResponse:
    return JsonResponse({"error": str(refusal)}, status=refusal.status)
