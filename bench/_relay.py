"""The limit: a bare relay under uvloop. Whatever comes in on its control port goes to every socket, byte for byte.

Run as `python -m bench._relay PORT CONTROL_PORT`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import sys
from typing import cast

import uvloop

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
HELLO = b'{"type":"hello"}'
SCREENS: list[asyncio.Transport] = []


class Screen(asyncio.Protocol):
    """Answers the handshake (RFC 6455 section 4.2.2) and greets; then it only listens to nothing."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.head = b""

    def data_received(self, data: bytes) -> None:
        if self.head.endswith(b"\r\n\r\n"):
            return
        self.head += data
        if not self.head.endswith(b"\r\n\r\n"):
            return
        lines = dict(line.split(": ", 1) for line in self.head.decode("latin-1").split("\r\n") if ": " in line)
        accept = base64.b64encode(hashlib.sha1((lines["Sec-WebSocket-Key"] + GUID).encode()).digest())  # noqa: S324
        answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        self.transport.write(answer + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        self.transport.write(bytes((0x81, len(HELLO))) + HELLO)
        SCREENS.append(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.transport in SCREENS:
            SCREENS.remove(self.transport)


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            size = int.from_bytes(await reader.readexactly(4), "big")
            frame = await reader.readexactly(size)
            for screen in SCREENS:
                screen.write(frame)
    except asyncio.IncompleteReadError:
        writer.close()


async def main(port: int, control: int) -> None:
    loop = asyncio.get_running_loop()
    screens = await loop.create_server(Screen, "127.0.0.1", port, backlog=2048)
    await asyncio.start_server(relay, "127.0.0.1", control, limit=1 << 22)
    await screens.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(*map(int, sys.argv[1:3])))
