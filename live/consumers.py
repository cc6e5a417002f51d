"""One socket: let it in, listen to what it looks at, notice that it left. All sending is the hub's.

A plain ASGI application, since Channels' own consumers hop to a thread for every message and join the channel layer,
neither of which is needed here.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from journal.chain import Cursor
from live import frames
from live.fanout import Screen
from live.frames import FRAME_LIMIT, MESSAGES_A_SECOND, Close, Want
from live.hub import Hub, Refused
from live.outlets import Send, outlet_for
from live.rights import Scope, ticket_of

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


async def follow(scope: Scope, receive: Receive, send: Send) -> None:
    """`/ws/live/?cursor=`: the journal, as far as this person may see it."""
    await receive()
    ticket = ticket_of(scope)
    if ticket is None:
        await send({"type": "websocket.close", "code": Close.RIGHT_LOST})  # before accepting: HTTP 403
        return
    await send({"type": "websocket.accept"})
    outlet, hub = outlet_for(send), Hub.here()
    try:
        screen = await hub.enter(ticket=ticket, cursor=cursor_of(scope), outlet=outlet)
    except Refused as refusal:
        outlet.close(refusal.code)
        await _until_gone(receive)
        return
    try:
        await _listen(hub, screen, receive)
    finally:
        hub.leave(screen)


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Any other address: HTTP 403."""
    await receive()
    await send({"type": "websocket.close"})


def cursor_of(scope: Scope) -> Cursor | None:
    """Where this screen stopped; None when it does not say. Something unreadable is a place nobody knows."""
    text = parse_qs(scope["query_string"].decode("latin-1")).get("cursor", [""])[0]
    if not text:
        return None
    try:
        return Cursor.parse(text)
    except ValueError:
        return Cursor(0, "unknown")


async def _listen(hub: Hub, screen: Screen, receive: Receive) -> None:
    loop = asyncio.get_running_loop()
    second, heard = 0, 0
    while (message := await receive())["type"] == "websocket.receive":
        now = int(loop.time())
        second, heard = (now, 1) if now != second else (second, heard + 1)
        code = Close.TOO_MANY if heard > MESSAGES_A_SECOND else await _hear(hub, screen, message.get("text"))
        if code is not None:
            hub.fanout.close(screen, code)


async def _hear(hub: Hub, screen: Screen, text: str | None) -> Close | None:
    if text is None or len(text) > FRAME_LIMIT:
        return Close.BAD_FRAME
    try:
        said = frames.read(text)
    except ValueError:
        return Close.BAD_FRAME
    if isinstance(said, Want):
        hub.showing.want(screen, said)
    else:
        await hub.look(screen, said)
    return None


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass
