"""A process of an exercise connects to its own servers and to nothing else. In processes of their own: an audit hook
stays for good."""

import socket
import subprocess
import sys

import pytest

from ondijon.stack.processes import ROOT

CALLS = {
    "a plain socket": "import socket; socket.create_connection(('127.0.0.1', {port}), 2)",
    "an HTTP library": "import httpx; httpx.get('http://127.0.0.1:{port}/', timeout=2)",
    "the standard library's HTTP": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/', timeout=2)",
    "mail": "import smtplib; smtplib.SMTP('127.0.0.1', {port}, local_hostname='x', timeout=2)",
    "a datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))",
    "another machine": "import socket; socket.create_connection(('192.0.2.1', 443), 2)",
    "a name to look up": "import socket; socket.getaddrinfo('sms.example.org', 443)",
    "a local socket file": "import socket; socket.socket(socket.AF_UNIX).connect('/run/anything')",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', {port}))",
}


def ran(code: str, allowed: str) -> subprocess.CompletedProcess[str]:
    guarded = f"from ondijon.exercise.guard import guard; guard({allowed!r}.split(',') if {allowed!r} else [])\n{code}"
    return subprocess.run([sys.executable, "-c", guarded], cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("way", CALLS)
def test_nothing_outside_can_be_called(way: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = ran(CALLS[way].format(port=listener.getsockname()[1]), "127.0.0.1:1")
        assert done.returncode == 1
        assert "an exercise calls nobody outside itself" in done.stderr
        listener.settimeout(0.05)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_its_own_servers_can_be_called() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = ran(CALLS["a plain socket"].format(port=port), f"127.0.0.1:{port}")
        assert done.returncode == 0, done.stderr
