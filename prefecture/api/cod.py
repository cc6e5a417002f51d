"""The contract's own addresses, `/cod/v1/`: who calls is known by a bearer token, a signature and, by configuration, a
certificate. Every answer to a known caller is signed, refusals included. docs/prefecture-link.md says it for partners."""

import base64
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, cast
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from msgspec import Meta

from access.api.base import Call, Endpoint, View, endpoint
from access.api.serializers import NoQuery
from access.models import Person
from journal.api import errors, parsing
from journal.api.answers import answer
from journal.durability import flush
from journal.errors import NotAllowed
from journal.idempotency import Answer
from journal.services import writing
from prefecture import config, selectors
from prefecture.models import Direction, Message, Nonce
from prefecture.permissions import Permission
from prefecture.services.receiving import receive
from prefecture.services.sending import stamp_now
from prefecture.wire import envelope, signing
from prefecture.wire.errors import BadSignature, SenderInconsistent

JSON = "application/json"


class ReceiptShape(msgspec.Struct, frozen=True):
    """RECU: the message is stored here."""

    distributionID: UUID
    step: str
    at: str


class LedgerLine(msgspec.Struct, frozen=True):
    """One channel as this side stands: `out` what it has sent, `in` what it has received; hash in hexadecimal."""

    direction: str
    crisis: UUID
    last: int
    hash: str


class StateShape(msgspec.Struct, frozen=True):
    id: str
    now: str
    channels: list[LedgerLine]


class Replayed(msgspec.Struct, frozen=True):
    """`body`: the very bytes that were sent, in base64; `proof`: the headers that sign them (`signing.COPY`)."""

    sequence: int
    distributionID: UUID
    body: str
    proof: dict[str, str]


class ReplayShape(msgspec.Struct, frozen=True):
    messages: list[Replayed]


class ReplayQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`after`: the last number that the caller has; `crisis`: of this crisis (zeros: of none). A page ends at `limit` or
    at 4 MiB; an empty one is the end."""

    after: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    crisis: UUID = envelope.GENERAL
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class LinkView(View):
    """Checks the signature before anything is read, and signs the answer."""

    def serve(self, request: HttpRequest, path: dict[str, Any]) -> HttpResponseBase:
        response = super().serve(request, path)
        verified = getattr(request, "verified", None)
        return _signed(request, response) if verified else response

    def cap(self, asked: Endpoint) -> int:
        return envelope.CAP_BYTES

    def call(self, request: HttpRequest, asked: Endpoint) -> Call:
        call = super().call(request, asked)
        if call.by.kind != Person.Kind.MACHINE:
            raise NotAllowed(_("Only the other side's machine calls here."), permission=str(asked.right))
        _check_certificate(request)
        writes = request.method == "POST"
        verified = config.checker().check(
            asked_of(request),
            covering=signing.WRITE if writes else signing.READ,
            body=parsing.body_of(request) if writes else None,
            now=datetime.now(UTC),
        )
        _use(verified)
        cast("Any", request).verified = verified
        return call


def asked_of(request: HttpRequest) -> signing.Request:
    """The request as it was signed, under the address that the other side knows us by."""
    path = request.get_full_path()
    url = f"{settings.PREFECTURE_OUR_URL}{path}" if settings.PREFECTURE_OUR_URL else request.build_absolute_uri(path)
    return signing.Request(str(request.method), url, dict(request.headers.items()))


def _use(verified: signing.Verified) -> None:
    """A nonce is good for one call, whatever becomes of the call. Raises BadSignature."""
    try:
        with writing(None):
            Nonce.objects.create(key_id=verified.key_id[:100], nonce=verified.nonce[:200])
    except IntegrityError as again:
        raise BadSignature(_("This signature was used before.")) from again


def _check_certificate(request: HttpRequest) -> None:
    """With PREFECTURE_PEER_CERTS, the proxy must have been shown one of these (RFC 9440). Raises BadSignature."""
    if not settings.PREFECTURE_PEER_CERTS:
        return
    shown = request.headers.get("Client-Cert", "").strip()
    try:
        found = sha256(base64.b64decode(shown.strip(":"), validate=True)).hexdigest() if shown else ""
    except ValueError:
        found = ""
    if found not in settings.PREFECTURE_PEER_CERTS:
        raise BadSignature(_("The certificate is not the one agreed on."))


def _signed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    signer = config.signer()
    if signer is None or not isinstance(response, HttpResponse):
        return response
    said = signing.Response(response.status_code, asked_of(request), {"Content-Type": response["Content-Type"]})
    signer.sign(said, covering=signing.ANSWER, body=response.content)
    for name in ("Content-Digest", "Signature", "Signature-Input"):
        response[name] = said.headers[name]
    return response


class MessagesView(LinkView):
    @endpoint("What was sent, again", right=Permission.EXCHANGE, query=ReplayQuery, answer=ReplayShape)
    def get(self, call: Call) -> Answer:
        asked = call.query(ReplayQuery)
        rows = Message.objects.filter(direction=Direction.OUT, crisis=asked.crisis, sequence__gt=asked.after)
        found = rows.order_by("sequence").only("sequence", "distribution_id", "raw")[: asked.limit]
        return answer(ReplayShape([_replayed(row) for row in envelope.fitting(found, lambda row: len(row.raw))]))

    @endpoint(
        "Hand over a distribution", right=Permission.EXCHANGE, body=envelope.Envelope, answer=ReceiptShape, status=201,
        wraps=False,
    )  # fmt: skip
    def post(self, call: Call) -> Answer:
        request = call.request
        if parsing.media_type(request) != JSON:
            raise errors.UnsupportedMediaType(_("Send application/json."), accepted=[JSON])
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            raise errors.UnsupportedMediaType(_("Send JSON in UTF-8."))
        parcel = envelope.read(parsing.body_of(request))
        if call.key != parcel.envelope.distributionID:
            raise SenderInconsistent(_("The Idempotency-Key is not the distributionID."))
        proof = {name: request.headers[name] for name in signing.KEPT if name in request.headers}
        key_id = cast("Any", request).verified.key_id
        receipt = receive(parcel=parcel, by=call.by, key_id=key_id, signature=proof)
        flush()  # its twin may be waiting for the disk still
        headers = {"Idempotency-Replayed": "true"} if receipt.replayed else {}
        if receipt.status >= 400:
            headers["Content-Type"] = errors.MEDIA_TYPE
        return Answer(receipt.status, msgspec.json.encode(receipt.document, enc_hook=str, order="sorted"), headers)


def _replayed(row: Message) -> Replayed:
    signer, raw = config.signer(), bytes(row.raw)
    proof = signing.copied(raw, distribution=str(row.distribution_id), signer=signer) if signer else {}
    return Replayed(row.sequence or 0, row.distribution_id, base64.b64encode(raw).decode(), proof)


class StateView(LinkView):
    @endpoint("Both directions' ledgers, by count and hash", right=Permission.EXCHANGE, answer=StateShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer({"id": config.us().ours, "now": stamp_now(), "channels": selectors.ledger()})
