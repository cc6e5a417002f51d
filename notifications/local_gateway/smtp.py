"""As much of an SMTP server (RFC 5321) as it takes to receive a letter on loopback."""

import email
import email.policy
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import cast

from notifications.local_gateway.store import Item, Store

LONGEST_LINE = 4096


class Mailbox(ThreadingTCPServer):
    """Receives every letter into a store."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], store: Store) -> None:
        self.store = store
        super().__init__(address, _Conversation)


class _Conversation(StreamRequestHandler):
    """One connection: commands until QUIT."""

    def handle(self) -> None:
        self.to: list[str] = []
        self._say("220 local gateway")
        for raw in iter(lambda: self.rfile.readline(LONGEST_LINE), b""):
            line = raw.decode("utf-8", "replace").strip()
            if line.upper() == "QUIT":
                return self._say("221 bye")
            self._say(self._obey(line))
        return None

    def _obey(self, line: str) -> str:
        verb = line.upper()
        if verb.startswith(("EHLO", "HELO")):
            return "250 local gateway"
        if verb.startswith("MAIL FROM:") or verb in ("RSET", "NOOP"):
            self.to = []
            return "250 fine"
        if verb.startswith("RCPT TO:"):
            self.to.append(line[8:].strip().strip("<>"))
            return "250 fine"
        if verb == "DATA" and self.to:
            self._say("354 go on")
            self._keep()
            return "250 kept"
        return "503 not now" if verb == "DATA" else "500 not understood"

    def _keep(self) -> None:
        lines = []
        for raw in iter(lambda: self.rfile.readline(LONGEST_LINE), b""):
            if raw == b".\r\n":
                break
            lines.append(raw[1:] if raw.startswith(b"..") else raw)
        letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        text = letter.get_content() if letter.get_content_type() == "text/plain" else ""
        key = str(letter.get("Message-ID", "")).strip("<>")
        box = cast("Mailbox", self.server)
        for to in self.to:
            box.store.take(Item(f"{key}>{to}", "email", to, text.strip(), subject=str(letter.get("Subject", ""))))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
