"""Calling the other side: only the configured address, resolved once and pinned, no redirect, no proxy, everything
signed both ways. Nothing here touches the database."""

import socket
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
from django.conf import settings

from prefecture import config
from prefecture.wire import signing
from prefecture.wire.errors import BadSignature

TIMEOUT = httpx.Timeout(8.0, connect=3.0)
ANSWER_CAP = 8 * 1024 * 1024  # bytes: a page of replayed messages
MESSAGES, STATE = "/cod/v1/messages", "/cod/v1/state"
TOKEN_MARGIN = 60.0  # seconds before its end in which a token is not used any more


class Unreachable(Exception):
    """Nothing that counts as an answer came; the sentence is for the page."""


@dataclass(frozen=True)
class Answer:
    """A signed answer. `document` is its JSON, `proof` the headers that sign it, `seconds` how long it took."""

    status: int
    document: dict[str, Any]
    proof: dict[str, str]
    signature: dict[str, str]
    seconds: float


@dataclass
class Peer:
    """One configured other side; `http` is kept between calls and belongs to one process."""

    url: str
    token_url: str
    client: tuple[str, str]
    signer: signing.Signer
    checker: signing.Checker
    addresses: tuple[str, ...] = ()
    tls: tuple[str, str, str] = ("", "", "")  # certificate, key, authority
    token: str = ""
    token_until: float = 0.0
    _pinned: dict[str, str] = field(default_factory=dict)
    _http: httpx.Client | None = None

    # The three calls --------------------------------------------------------------------------------------------------

    def post(self, raw: bytes, *, distribution: str) -> Answer:
        """Hand over a distribution. Raises Unreachable."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": distribution}
        return self._signed("POST", MESSAGES, headers, raw, signing.WRITE)

    def messages(self, *, after: int, crisis: str) -> Answer:
        """What they have sent in one channel after this number. Raises Unreachable."""
        return self._signed("GET", f"{MESSAGES}?after={after}&crisis={crisis}", {}, None, signing.READ)

    def state(self) -> Answer:
        """Their ledgers: counts and hashes by channel. Raises Unreachable."""
        return self._signed("GET", STATE, {}, None, signing.READ)

    def close(self) -> None:
        """Let go of the connection; the next call opens another."""
        if self._http is not None:
            self._http.close()
            self._http = None

    # How --------------------------------------------------------------------------------------------------------------

    def _signed(
        self, method: str, path: str, headers: dict[str, str], raw: bytes | None, covering: tuple[str, ...]
    ) -> Answer:
        answer = self._once(method, path, headers, raw, covering)
        if answer.status == 401 and self.token:  # an old token; the next attempt gets a new one
            self.token = ""
        return answer

    def _once(
        self, method: str, path: str, headers: dict[str, str], raw: bytes | None, covering: tuple[str, ...]
    ) -> Answer:
        request = signing.Request(method, self.url + path, {**headers, "Authorization": f"Bearer {self._token()}"})
        self.signer.sign(request, covering=covering, body=raw)
        began = monotonic()
        status, answered, body = self._send(method, request.url, request.headers, raw)
        seconds = monotonic() - began
        response = signing.Response(status, request, answered)
        try:
            self.checker.check(response, covering=signing.ANSWER, body=body, now=datetime.now(UTC))
        except BadSignature as error:
            if status in (401, 403):
                raise Unreachable(f"The other side does not know us ({status}).") from error
            raise Unreachable(f"The answer ({status}) is not signed by the other side.") from error
        try:
            document = msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.DecodeError, RecursionError) as error:
            raise Unreachable("The answer is not JSON.") from error
        kept = {name: answered[name.lower()] for name in signing.KEPT if name.lower() in answered}
        sent = {name: request.headers[name] for name in signing.KEPT if name in request.headers}
        return Answer(status, document, kept, sent, seconds)

    def _token(self) -> str:
        if not self.token or monotonic() > self.token_until:
            form = {"grant_type": "client_credentials", "scope": "prefecture.exchange"}
            body = str(httpx.QueryParams(form)).encode()
            basic = httpx.BasicAuth(*self.client)._auth_header
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": basic}
            status, _headers, content = self._send("POST", self.token_url, headers, body)
            if status != 200:
                raise Unreachable(f"The other side gives no token ({status}).")
            try:
                given = msgspec.json.decode(content, type=dict[str, Any])
                self.token = str(given["access_token"])
                self.token_until = monotonic() + float(given.get("expires_in", 300)) - TOKEN_MARGIN
            except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
                raise Unreachable("The token cannot be read.") from error
        return self.token

    def _send(
        self, method: str, url: str, headers: dict[str, str], raw: bytes | None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request to a pinned address, under the name that the address has. Raises Unreachable."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        headers = {**headers, "Host": parts.netloc, "Accept-Encoding": "identity"}
        where = parts._replace(netloc=_netloc(self._address(host), parts.port)).geturl()
        try:
            request = self._client().build_request(
                method, where, headers=headers, content=raw, extensions={"sni_hostname": host}
            )
            answer = self._client().send(request, stream=True, follow_redirects=False)
            try:
                content = b""
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > ANSWER_CAP:
                        raise Unreachable("The answer is too large.")
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            raise Unreachable(f"{type(error).__name__}: {str(error)[:200]}") from error
        if 300 <= answer.status_code < 400:
            raise Unreachable("The other side sends us elsewhere, which is refused.")
        return answer.status_code, dict(answer.headers), content

    def _client(self) -> httpx.Client:
        if self._http is None:
            self._http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False, verify=self._trust())
        return self._http

    def _trust(self) -> ssl.SSLContext:
        certificate, key, authority = self.tls
        context = ssl.create_default_context(cafile=authority or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if certificate:
            context.load_cert_chain(certificate, key or None)
        return context

    def _address(self, host: str) -> str:
        """The address for a name: configured, or looked up once and kept, so that nobody moves us meanwhile."""
        if host not in self._pinned:
            allowed = {urlsplit(self.url).hostname, urlsplit(self.token_url).hostname}
            if host not in allowed:
                raise Unreachable("Only the configured address is called.")
            try:
                found = self.addresses or (socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0],)
            except OSError as error:
                raise Unreachable("The other side's name is not known.") from error
            self._pinned[host] = str(found[0])
        return self._pinned[host]


def _netloc(address: str, port: int | None) -> str:
    name = f"[{address}]" if ":" in address else address
    return f"{name}:{port}" if port else name


_lock = Lock()
_peers: dict[tuple[Any, ...], Peer] = {}


def peer() -> Peer | None:
    """The configured other side with its connection and token, one for each process; None where it is not set up."""
    signer = config.signer()
    if not (settings.PREFECTURE_URL and signer):
        return None
    plain = (
        settings.PREFECTURE_URL, settings.PREFECTURE_TOKEN_URL or f"{settings.PREFECTURE_URL}/oauth/token/",
        (settings.PREFECTURE_CLIENT_ID, settings.PREFECTURE_CLIENT_SECRET), signer, config.checker(),
        tuple(settings.PREFECTURE_ADDRESSES),
        (settings.PREFECTURE_TLS_CERT, settings.PREFECTURE_TLS_KEY, settings.PREFECTURE_TLS_CA),
    )  # fmt: skip
    key = tuple(one if isinstance(one, str | tuple) else id(one) for one in plain)
    with _lock:
        if key not in _peers:
            _forget()
            _peers[key] = Peer(*plain)
        return _peers[key]


def forget() -> None:
    """Close what this process keeps open to the other side."""
    with _lock:
        _forget()


def _forget() -> None:
    for one in _peers.values():
        one.close()
    _peers.clear()
