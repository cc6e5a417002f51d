"""What the simulated room says of its own accord, when it is lively: it answers an activation as a prefecture would."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.utils import timezone

from prefecture.sim.room import Room
from prefecture.wire import cap
from prefecture.wire.envelope import GENERAL
from prefecture.wire.kinds import BODIES, Kind
from prefecture.wire.times import stamp

GREETING = "Prise de service au COD. Merci de transmettre tout point de situation utile et de confirmer la liaison."


def greet(room: Room) -> None:
    """Once in a ledger's life."""
    if room.store.behaviour().lively and not room.store.row(
        "select 1 as yes from message where direction = 'out' limit 1"
    ):
        room.say(Kind.SITUATION_REQUEST, BODIES[Kind.SITUATION_REQUEST](text=GREETING), GENERAL)


def respond(room: Room) -> None:
    """An activation is answered by the COD's own, then by an instruction with a deadline; a request for resources by a
    decision. Each once."""
    if not room.store.behaviour().lively:
        return
    waiting = room.store.rows(
        "select m.kind, m.crisis, m.message_id from message m where m.direction = 'in' and m.state = 'accepted' "
        "and m.kind in ('crisis_activation', 'resource_request') and m.received_at < now() - interval '5 seconds' "
        "and not exists (select 1 from message a where a.direction = 'out' and (a.answers = m.message_id "
        "or (m.kind = 'crisis_activation' and a.crisis = m.crisis and a.kind = 'cod_activation'))) limit 5"
    )
    for row in waiting:
        _ACTS[row["kind"]](room, row["crisis"], row["message_id"])


def _activated(room: Room, crisis: UUID, message: UUID) -> None:
    now = timezone.now()
    activation = BODIES[Kind.COD_ACTIVATION](
        level="COD activé, niveau 2",
        officer=room.officer,
        activated_at=stamp(now),
        text="Cadre de permanence joignable.",
    )
    room.say(Kind.COD_ACTIVATION, activation, crisis)
    instruction = BODIES[Kind.INSTRUCTION](
        number=f"COD-{str(crisis)[:4].upper()}-1",
        text="Confirmer la capacité d’hébergement d’urgence (150 places) et le point d’accueil des bus.",
        authority=room.officer,
        due_at=stamp(now + timedelta(minutes=30)),
    )
    room.say(Kind.INSTRUCTION, instruction, crisis)


def _asked(room: Room, crisis: UUID, message: UUID) -> None:
    told: dict[str, Any] = {
        "answers": message,
        "decision": "partly",
        "text": "Moyens zonaux engagés, arrivée estimée dans 2 h.",
    }
    room.say(Kind.RESOURCE_RESPONSE, BODIES[Kind.RESOURCE_RESPONSE](**told), crisis)


_ACTS = {"crisis_activation": _activated, "resource_request": _asked}


def relayed(room: Room, text: str) -> str:
    """The alert that the post has asked for, as the prefecture sends it to the public. Raises InvalidMessage."""
    wanted = cap.parse(text.encode())
    info = [msgspec.structs.replace(one, senderName="Préfecture de la Côte-d’Or") for one in wanted.info]
    alert = cap.Alert(
        identifier=f"{room.ours}.{uuid4()}", sender=room.ours, sent=stamp(timezone.now()), status="Actual", msgType="Alert",
        scope="Public", info=info,
    )  # fmt: skip
    return cap.emit(alert).decode()


def alert_text(room: Room, *, headline: str, text: str) -> str:
    """A public alert for the metropolis, six hours long. Raises InvalidMessage."""
    now = timezone.now()
    area = cap.Area(areaDesc="Dijon Métropole", circle=["47.3220,5.0415 8"])
    info = cap.Info(
        language="fr-FR", category=["Safety"], event="Alerte à la population", responseType=["Monitor"],
        urgency="Immediate", severity="Severe", certainty="Likely", expires=stamp(now + timedelta(hours=6)),
        senderName="Préfecture de la Côte-d’Or", headline=headline, description=text, area=[area],
    )  # fmt: skip
    alert = cap.Alert(
        identifier=f"{room.ours}.{uuid4()}", sender=room.ours, sent=stamp(now), status="Actual", msgType="Alert",
        scope="Public", info=[info],
    )  # fmt: skip
    return cap.emit(alert).decode()
