"""A line and a text for people out of each kind of message, in French as the two rooms speak."""

from typing import Any

from prefecture.wire import cap
from prefecture.wire.errors import InvalidMessage
from prefecture.wire.kinds import Kind
from prefecture.wire.times import instant

NAMES = {
    Kind.CRISIS_ACTIVATION: "Activation de la cellule de crise",
    Kind.LEVEL_CHANGE: "Changement de niveau",
    Kind.SITUATION_REPORT: "Point de situation",
    Kind.INCIDENT_REPORT: "Compte rendu d’événement",
    Kind.MEASURE_TAKEN: "Mesure prise",
    Kind.RESOURCE_REQUEST: "Demande de moyens",
    Kind.PUBLIC_ALERT_REQUEST: "Demande d’alerte à la population",
    Kind.CLOSURE: "Clôture de la cellule",
    Kind.COD_ACTIVATION: "Activation du COD",
    Kind.DIRECTION_TRANSFER: "Transfert de la direction des opérations",
    Kind.INSTRUCTION: "Instruction",
    Kind.SITUATION_REQUEST: "Demande de point de situation",
    Kind.RESOURCE_RESPONSE: "Réponse à une demande de moyens",
    Kind.RELAYED_ALERT: "Alerte relayée",
    Kind.LINK_TEST: "Essai de liaison",
    Kind.ACK: "Accusé de réception",
    Kind.ERROR: "Erreur",
}
LEVELS = {
    "standby": "veille", "watch": "vigilance", "pre_alert": "pré-alerte", "alert": "alerte", "crisis": "crise",
    "recovery": "post-crise", "closed": "clôture",
}  # fmt: skip
DECISIONS = {"granted": "accordée", "partly": "accordée en partie", "refused": "refusée"}


CHANGES = {"Update": "mise à jour", "Cancel": "annulation"}


def title(kind: Kind, body: Any, how: str = "Report") -> str:
    """One line, at most 200 characters. `how`: the distributionKind, which is said when it changes or cancels another."""
    name, more = NAMES[kind], ""
    if kind is Kind.SITUATION_REPORT:
        name, more = f"{name} n° {body.number}", body.title
    elif kind is Kind.INSTRUCTION:
        more = body.number
    elif kind is Kind.LEVEL_CHANGE:
        more = f"{LEVELS[body.level_before]} → {LEVELS[body.level]}"
    elif kind is Kind.RESOURCE_RESPONSE:
        more = DECISIONS[body.decision]
    elif kind is Kind.RELAYED_ALERT:
        more = alert_line(body.cap)
    else:
        more = getattr(body, "title", "") or getattr(body, "reference", "")
    name = f"{name} ({CHANGES[how]})" if how in CHANGES else name
    return f"{name} : {more}"[:200] if more else name


def alert_line(text: str) -> str:
    """The headline of an alert; empty when it cannot be read."""
    try:
        alert = cap.parse(text.encode())
    except InvalidMessage:
        return ""
    return next((info.headline or info.event for info in alert.info), alert.msgType)


def alert_text(text: str) -> list[str]:
    """What an alert says, what to do, where and until when; nothing when it cannot be read."""
    try:
        infos = cap.parse(text.encode()).info if text else []
    except InvalidMessage:
        return []
    lines = []
    for info in infos:
        until = f"jusqu’au {instant(info.expires):%d/%m à %H:%M}" if info.expires else ""
        where = ", ".join(area.areaDesc for area in info.area)
        lines += [info.description or "", info.instruction or "", " · ".join(part for part in (where, until) if part)]
    return lines


def text(body: Any) -> str:
    """What people read below the line."""
    lines = [getattr(body, name, "") for name in ("text", "summary", "grounds")]
    lines += alert_text(getattr(body, "cap", ""))
    lines += [_resource(one) for one in getattr(body, "resources", ())]
    officer = getattr(body, "officer", "")
    if officer:
        lines.insert(0, f"{body.level}, {officer}")
    if hasattr(body, "to_authority"):
        lines.insert(0, f"{body.from_authority} → {body.to_authority}, {instant(body.effective_at):%d/%m à %H:%M}")
    return "\n".join(line for line in lines if line)


def _resource(one: Any) -> str:
    where = f", {one.place}" if one.place else ""
    return f"{one.quantity} × {one.what}{where}"
