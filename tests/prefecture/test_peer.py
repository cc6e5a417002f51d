"""Calling the other side over mutual TLS: real certificates, made here; and only where it was configured."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from prefecture import checks, peer
from prefecture.wire import signing
from tests.prefecture import world

Made = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certificate(name: str, issuer: Made | None = None) -> Made:
    """A certificate for a name and for loopback, signed by `issuer` (None: an authority, by itself)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))])
    signer = issuer[1] if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return builder.sign(signer, hashes.SHA256()), key


def kept(folder: Path, name: str, made: Made) -> tuple[str, str]:
    cert, key = folder / f"{name}.crt", folder / f"{name}.key"
    cert.write_bytes(made[0].public_bytes(Encoding.PEM))
    key.write_bytes(made[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(cert), str(key)


class Token(BaseHTTPRequestHandler):
    """Gives a token to whoever gets this far."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"access_token": "t", "expires_in": 300}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None: ...


@contextmanager
def listening(context: ssl.SSLContext) -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Token)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join(5)


def caller(port: int, tls: tuple[str, str, str], *, host: str = "cod.example") -> peer.Peer:
    key = Ed25519PrivateKey.generate()
    signer = signing.Signer("post-1", key)
    url = f"https://{host}:{port}"
    return peer.Peer(
        url, f"{url}/oauth/token/", ("post", "s"), signer, signing.Checker(()), addresses=("127.0.0.1",), tls=tls
    )


def test_mutual_tls_with_the_name_of_the_configuration_at_a_pinned_address(tmp_path: Path) -> None:
    authority, stranger = certificate("authority"), certificate("stranger")
    ca, _key = kept(tmp_path, "ca", authority)
    other_ca, _other = kept(tmp_path, "other", stranger)
    server = kept(tmp_path, "server", certificate("cod.example", authority))
    ours = kept(tmp_path, "ours", certificate("post.example", authority))
    forged = kept(tmp_path, "forged", certificate("post.example", stranger))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*server)
    context.load_verify_locations(ca)
    context.verify_mode = ssl.CERT_REQUIRED
    with listening(context) as port:
        good = caller(port, (*ours, ca))
        assert good._token() == "t"
        refused = [
            caller(port, ("", "", ca)),  # no certificate of ours
            caller(port, (*forged, ca)),  # one that their authority does not know
            caller(port, (*ours, other_ca)),  # their certificate, unknown to our authority
            caller(port, (*ours, "")),  # likewise, with the public authorities
            caller(port, (*ours, ca), host="elsewhere.example"),  # the right machine under another name
        ]
        for one in refused:
            with pytest.raises(peer.Unreachable):
                one._token()
        for one in (good, *refused):
            one.close()


def test_an_address_is_looked_up_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def look_up(host: str, *_more: object, **_names: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        asked.append(host)
        return [(0, 0, 0, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", 0))]

    one = caller(1, ("", "", ""))
    one.addresses = ()
    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", look_up)
        assert [one._address("cod.example") for _twice in range(2)] == ["127.0.0.1"] * 2
    assert asked == ["cod.example"]


def test_up_refuses_a_link_that_is_not_safe(settings: Settings) -> None:
    def found() -> list[str]:
        return [str(error.id) for error in checks.the_link_is_safe(None)]

    settings.PREFECTURE_URL = ""
    assert found() == []
    settings.PREFECTURE_URL = "http://cod.example"
    assert found() == ["prefecture.E001", "prefecture.E002"]
    settings.PREFECTURE_URL = "https://cod.example"
    settings.PREFECTURE_CLIENT_ID = settings.PREFECTURE_CLIENT_SECRET = "x"
    settings.PREFECTURE_KEY, settings.PREFECTURE_PEER_KEYS = "no key", ["nothing"]
    assert found() == ["prefecture.E003"]
    key = Ed25519PrivateKey.generate()
    settings.PREFECTURE_KEY, settings.PREFECTURE_PEER_KEYS = world.seed(key), [f"a|{signing.public_text(key)}"]
    assert found() == []
