"""The simulated room's one page: inbox, acknowledge, reply with an instruction or a request, and how it is to behave."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import msgspec
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from prefecture.sim.door import Asked, Given
from prefecture.sim.room import Room
from prefecture.sim.speaking import alert_text, relayed
from prefecture.wire import envelope
from prefecture.wire.envelope import GENERAL
from prefecture.wire.errors import InvalidMessage
from prefecture.wire.kinds import BODIES, Kind
from prefecture.wire.times import stamp

STATIC = {
    "tokens.css": ("css", "text/css"), "base.css": ("css", "text/css"), "prefecture-sim.css": ("css", "text/css"),
    "prefecture-sim.js": ("js", "text/javascript"), "icon.svg": ("img", "image/svg+xml"),
}  # fmt: skip
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
SHOWN = 60
LINE = 160  # characters of a long text that stand before it is opened


def answer(room: Room, asked: Asked) -> Given:
    """Any request of the officer's browser."""
    if asked.path.startswith("/static/"):
        return _static(asked.path.rpartition("/")[2])
    if asked.method == "GET" and asked.path in ("/", "/inbox"):
        return _page(room, "page" if asked.path == "/" else "inbox")
    if asked.method == "POST" and asked.path in _ACTS and _from_here(asked):
        form = {name: values[0] for name, values in parse_qs(asked.body.decode(errors="replace")).items()}
        try:
            _ACTS[asked.path](room, form)
        except (KeyError, ValueError, AttributeError, msgspec.ValidationError, InvalidMessage):
            return Given(422, {"Content-Type": "text/plain; charset=utf-8"}, "La demande est incomplète.".encode())
        return Given(303, {"Location": "/", "Content-Type": "text/plain"}, b"")
    return Given(404, {"Content-Type": "text/plain"}, b"")


def _from_here(asked: Asked) -> bool:
    """Forms come from this page alone."""
    return urlsplit(asked.headers.get("origin", "")).netloc == asked.headers.get("host", "-")


def _static(name: str) -> Given:
    if name not in STATIC:
        return Given(404, {"Content-Type": "text/plain"}, b"")
    folder, media = STATIC[name]
    return Given(200, {"Content-Type": media}, (settings.BASE_DIR / "static" / folder / name).read_bytes())


def _page(room: Room, name: str) -> Given:
    with override("fr"):
        text = render_to_string(f"prefecture/sim_{name}.html", _context(room))
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
    }
    return Given(200, headers, text.encode())


def _context(room: Room) -> dict[str, Any]:
    rows = room.store.rows("select * from message where sequence is not null order by created_at desc limit %s", SHOWN)
    crises, behaviour = _crises(room), room.store.behaviour()
    names = {one["crisis"]: one["name"] for one in crises}
    for row in rows:
        row["crisis_name"] = names.get(row["crisis"], "")
        row["long"] = row["text"][:LINE].rstrip() + " …" if len(row["text"]) > 2 * LINE else ""
    late = timezone.localtime(timezone.now() + timedelta(minutes=30))
    waits = [row for row in rows if row["direction"] == "in" and row["state"] == "accepted" and row["read_at"] is None]
    return {
        "rows": rows, "crises": crises or [{"crisis": GENERAL, "name": "Hors crise"}], "behaviour": behaviour,
        "slow": f"{behaviour.slow:g}", "codes": (200, 300, 704), "officer": room.officer, "unread": len(waits),
        "reads_after": "" if behaviour.reads_after is None else f"{behaviour.reads_after:g}",
        "late": late.strftime("%Y-%m-%dT%H:%M"), "queued": sum(row["state"] == "queued" for row in rows),
        "number": _next_number(room),
    }  # fmt: skip


def _crises(room: Room) -> list[dict[str, Any]]:
    """The crises that were spoken of, the last one first, each with its name; what belongs to none comes last: an
    instruction sent there by mistake becomes nobody's action."""
    found = room.store.rows(
        "select crisis, max(title) filter (where kind = 'crisis_activation') as title, max(created_at) as at "
        "from message where sequence is not null group by crisis order by crisis = %s, at desc limit 30",
        GENERAL,
    )
    for one in found:
        known = (one["title"] or "").partition(" : ")[2]
        one["name"] = known or ("Hors crise" if one["crisis"] == GENERAL else f"Crise {str(one['crisis'])[:8]}")
    return found


def _next_number(room: Room) -> str:
    found = room.store.row("select count(*) as n from message where direction = 'out' and kind = 'instruction'") or {}
    return f"COD-{int(found.get('n', 0)) + 1:04d}"


def _read(room: Room, form: dict[str, str]) -> None:
    room.read(UUID(form["message"]))


def _instruct(room: Room, form: dict[str, str]) -> None:
    due = timezone.make_aware(datetime.fromisoformat(form["due_at"]))
    body = msgspec.convert(
        {"number": form["number"], "text": form["text"], "authority": room.officer, "dueAt": stamp(due)},
        BODIES[Kind.INSTRUCTION],
    )
    room.say(Kind.INSTRUCTION, body, UUID(form["crisis"]))


def _ask(room: Room, form: dict[str, str]) -> None:
    body = msgspec.convert({"text": form["text"]}, BODIES[Kind.SITUATION_REQUEST])
    room.say(Kind.SITUATION_REQUEST, body, UUID(form["crisis"]))


def _activate(room: Room, form: dict[str, str]) -> None:
    told: dict[str, Any] = {
        "level": form["level"], "officer": room.officer, "text": form.get("text", ""), "activatedAt": stamp(timezone.now()),
    }  # fmt: skip
    room.say(Kind.COD_ACTIVATION, msgspec.convert(told, BODIES[Kind.COD_ACTIVATION]), UUID(form["crisis"]))


def _grant(room: Room, form: dict[str, str]) -> None:
    asked = room.store.row("select message_id, crisis from message where id = %s", UUID(form["message"]))
    if asked is None:
        raise ValueError("no such message")
    told = {"answers": str(asked["message_id"]), "decision": form["decision"], "text": form["text"]}
    room.say(Kind.RESOURCE_RESPONSE, msgspec.convert(told, BODIES[Kind.RESOURCE_RESPONSE]), asked["crisis"])


def _alert(room: Room, form: dict[str, str]) -> None:
    body = BODIES[Kind.RELAYED_ALERT](cap=alert_text(room, headline=form["headline"], text=form["text"]))
    room.say(Kind.RELAYED_ALERT, body, UUID(form["crisis"]))


def _relay(room: Room, form: dict[str, str]) -> None:
    asked = room.store.row("select raw, crisis from message where id = %s", UUID(form["message"]))
    if asked is None:
        raise ValueError("no such message")
    wanted = envelope.read(bytes(asked["raw"])).message.body.cap
    room.say(Kind.RELAYED_ALERT, BODIES[Kind.RELAYED_ALERT](cap=relayed(room, wanted)), asked["crisis"])


def _behave(room: Room, form: dict[str, str]) -> None:
    refuses = int(form.get("refuses") or 0)
    room.store.behave(
        slow=float(form.get("slow") or 0),
        down="down" in form,
        refuses=refuses if refuses in (200, 300, 400, 704) else 0,
        reads_after=float(form["reads_after"]) if form.get("reads_after") else None,
        lively="lively" in form,
    )


_ACTS = {
    "/read": _read, "/instruct": _instruct, "/ask": _ask, "/activate": _activate, "/grant": _grant, "/alert": _alert,
    "/relay": _relay, "/behave": _behave,
}  # fmt: skip
