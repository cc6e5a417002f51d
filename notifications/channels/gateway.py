"""Text messages and calls, through one HTTP interface (docs/gateway.md) that any provider's adapter can speak."""

import httpx
import msgspec
from django.conf import settings

from notifications.channels import wire
from notifications.channels.parcels import Outcome, Parcel, failed, later, sent
from notifications.wording import spoken, text_message

TRY_AGAIN = {408, 425, 429}


class Sending(msgspec.Struct, frozen=True):
    """What we ask a gateway: `kind` is sms or voice, `to` a number in E.164, `id` the key of this delivery."""

    id: str
    kind: str
    to: str
    text: str
    language: str
    code: str


def send(parcel: Parcel, client: httpx.Client) -> Outcome:
    """Hand one text message or call over. The same key twice is one message: the gateway sees to it."""
    if not settings.GATEWAY_URL:
        return failed("not_set_up")
    text = text_message(parcel) if parcel.channel == "sms" else spoken(parcel)
    sending = Sending(str(parcel.key), parcel.channel, parcel.address, text, parcel.language, parcel.code)
    body = msgspec.json.encode(sending)
    headers = {"Content-Type": "application/json", "Idempotency-Key": sending.id}
    headers |= wire.sign(settings.GATEWAY_SECRET, body)
    try:
        answer = client.post(f"{settings.GATEWAY_URL.rstrip('/')}/messages", content=body, headers=headers)
    except httpx.TimeoutException as error:
        return later("no_answer", error)
    except httpx.HTTPError as error:
        return later("provider_down", error)
    return _read(answer)


def _read(answer: httpx.Response) -> Outcome:
    if answer.is_success:
        return sent(_reference(answer))
    said = f"{answer.status_code} {answer.text[:150]}"
    if answer.status_code >= 500 or answer.status_code in TRY_AGAIN:
        return later("provider_down", said)
    return failed("refused", said)


def _reference(answer: httpx.Response) -> str:
    try:
        found = msgspec.json.decode(answer.content)
    except msgspec.MsgspecError:
        return ""
    return str(found.get("reference", "")) if isinstance(found, dict) else ""
