"""The contract's addresses of the simulated room: tokens, signatures, nonces, signed answers."""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
from psycopg.errors import UniqueViolation

from journal.errors import Problem
from prefecture.sim.room import Room
from prefecture.wire import envelope, signing
from prefecture.wire.errors import BadSignature, LinkProblem

TOKEN_SECONDS = 3600
JSON, PROBLEM = "application/json", "application/problem+json"


@dataclass(frozen=True)
class Asked:
    """One HTTP request. `url` is absolute, as the caller signed it; header names as they come, case aside."""

    method: str
    url: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Given:
    status: int
    headers: dict[str, str]
    body: bytes


def given(status: int, document: Any, media: str = JSON) -> Given:
    return Given(status, {"Content-Type": media}, msgspec.json.encode(document, enc_hook=str))


@dataclass
class Door:
    room: Room
    signer: signing.Signer
    checker: signing.Checker
    clients: dict[str, str]  # id → secret of those who may ask for a token

    def answer(self, asked: Asked) -> Given:
        """Any request below /cod/ or /oauth/."""
        if self.room.store.behaviour().down:
            return given(503, {"title": "down, as the simulator was told to be"}, PROBLEM)
        if asked.path == "/oauth/token/":
            return self._token(asked)
        if not self._bears(asked):
            return given(401, {"title": "no token that is good here"}, PROBLEM)
        request = signing.Request(asked.method, asked.url, dict(asked.headers))
        writes = asked.method == "POST"
        try:
            verified = self.checker.check(
                request, covering=signing.WRITE if writes else signing.READ, body=asked.body if writes else None,
                now=datetime.now(UTC),
            )  # fmt: skip
            self._use(verified)
        except BadSignature as problem:
            return given(401, {"title": problem.title, "detail": problem.detail}, PROBLEM)
        return self._signed(request, self._known(asked))

    def _token(self, asked: Asked) -> Given:
        scheme, _space, text = asked.headers.get("authorization", "").partition(" ")
        try:
            client, _colon, secret = base64.b64decode(text, validate=True).decode().partition(":")
        except ValueError:
            client, secret = "", ""
        good = scheme.lower() == "basic" and hmac.compare_digest(self.clients.get(client, ""), secret)
        if not (good and secret) or parse_qs(asked.body.decode(errors="replace")).get("grant_type") != [
            "client_credentials"
        ]:
            return given(401, {"error": "invalid_client"})
        token = secrets.token_urlsafe(32)
        self.room.store.do(
            "insert into token values (%s, now() + make_interval(secs => %s))", _digest(token), TOKEN_SECONDS
        )
        return given(200, {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})

    def _bears(self, asked: Asked) -> bool:
        scheme, _space, token = asked.headers.get("authorization", "").partition(" ")
        known = "select 1 as yes from token where digest = %s and expires > now()"
        return scheme.lower() == "bearer" and self.room.store.row(known, _digest(token)) is not None

    def _use(self, verified: signing.Verified) -> None:
        store = self.room.store
        store.do("delete from nonce where at < now() - interval '15 minutes'")
        try:
            store.do("insert into nonce (key_id, nonce) values (%s, %s)", verified.key_id, verified.nonce)
        except UniqueViolation as again:
            raise BadSignature("This signature was used before.") from again

    def _known(self, asked: Asked) -> Given:
        try:
            return self._routed(asked)
        except LinkProblem as problem:
            document = {"title": problem.title, "status": problem.status, "detail": problem.detail, **problem.extra}
            return given(problem.status, document, PROBLEM)
        except Problem as problem:
            return given(problem.status, {"title": problem.title, "detail": problem.detail}, PROBLEM)

    def _routed(self, asked: Asked) -> Given:
        if (asked.method, asked.path) == ("POST", "/cod/v1/messages"):
            status, document = self.room.take(asked.body, asked.headers.get("idempotency-key", ""))
            return given(status, document, JSON if status < 400 else PROBLEM)
        if (asked.method, asked.path) == ("GET", "/cod/v1/state"):
            return given(200, {"id": self.room.ours, "channels": self.room.store.ledger()})
        if (asked.method, asked.path) == ("GET", "/cod/v1/messages"):
            return self._replay(parse_qs(asked.query))
        return given(404, {"title": "There is no such address."}, PROBLEM)

    def _replay(self, query: dict[str, list[str]]) -> Given:
        try:
            after = int(query.get("after", ["0"])[0])
            crisis = UUID(query.get("crisis", [str(envelope.GENERAL)])[0])
        except ValueError:
            return given(400, {"title": "after is a number, crisis a UUID"}, PROBLEM)
        rows = self.room.store.rows(
            "select sequence, distribution_id, raw from message where direction = 'out' and crisis = %s "
            "and sequence > %s order by sequence limit 50", crisis, after,
        )  # fmt: skip
        messages = [
            {"sequence": row["sequence"], "distributionID": row["distribution_id"],
             "body": base64.b64encode(row["raw"]).decode(),
             "proof": signing.copied(bytes(row["raw"]), distribution=str(row["distribution_id"]), signer=self.signer)}
            for row in envelope.fitting(rows, lambda row: len(row["raw"]))
        ]  # fmt: skip
        return given(200, {"messages": messages})

    def _signed(self, request: signing.Request, answer: Given) -> Given:
        said = signing.Response(answer.status, request, dict(answer.headers))
        self.signer.sign(said, covering=signing.ANSWER, body=answer.body)
        return Given(answer.status, said.headers, answer.body)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
