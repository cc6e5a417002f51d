"""Public alerts: those that we ask the prefecture for, and those that it relayed and that are in force."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _
from msgspec import Meta

from access.models import Person
from crisis.areas import AREAS, Shape
from crisis.models import ZoneVersion
from journal.errors import Invalid
from journal.services import writing
from prefecture.models import Alert, Message
from prefecture.services.sending import clock, send
from prefecture.wire import cap
from prefecture.wire.errors import InvalidMessage
from prefecture.wire.kinds import Kind, PublicAlertRequest
from prefecture.wire.times import instant, stamp
from territory.models import Commune

LASTS = timedelta(hours=24)  # where the alert itself does not say
EVENT, WHOLE = "Alerte à la population", "Dijon Métropole"  # the two rooms speak French
INSEE = "INSEE"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the public is to be told, where (a commune by its INSEE code, a zone of the cell, or else the whole metropolis),
    and why. `response`: what people should do; `hours`: how long it holds."""

    headline: str
    text: str
    grounds: str
    instruction: str = ""
    response: cap.Response = "Monitor"
    severity: Literal["Extreme", "Severe", "Moderate", "Minor"] = "Severe"
    urgency: Literal["Immediate", "Expected", "Future"] = "Immediate"
    hours: Annotated[int, Meta(ge=1, le=72)] = 6
    commune: str = ""
    zone: UUID | None = None


def ask(*, by: Person, wish: Wish, crisis: UUID | None = None) -> Message:
    """Ask the prefecture to alert the public, with the alert as we would have it (CAP 1.2). Raises NotAllowed, NotFound
    (a cell out of sight), Invalid."""
    with writing(by):
        try:
            document = cap.emit(_composed(wish, _area(wish, crisis), clock())).decode()
        except InvalidMessage as problem:
            raise Invalid(errors={"text": [problem.detail]}) from problem
        body = PublicAlertRequest(title=wish.headline, grounds=wish.grounds, cap=document)
        return send(kind=Kind.PUBLIC_ALERT_REQUEST, payload=body, by=by, crisis=crisis)


def _composed(wish: Wish, area: cap.Area, now: datetime) -> cap.Alert:
    info = cap.Info(
        language="fr-FR", category=["Safety"], event=EVENT, responseType=[wish.response], urgency=wish.urgency,
        severity=wish.severity, certainty="Likely", expires=stamp(now + timedelta(hours=wish.hours)),
        senderName=settings.PREFECTURE_OUR_NAME, headline=wish.headline, description=wish.text,
        instruction=wish.instruction or None, area=[area],
    )  # fmt: skip
    us, them = settings.PREFECTURE_OUR_ID, settings.PREFECTURE_PEER_ID
    return cap.Alert(
        identifier=f"{us}.{uuid4()}", sender=us, sent=stamp(now), scope="Private", addresses=them, msgType="Alert",
        status="Exercise" if settings.PREFECTURE_EXERCISE else "Draft", info=[info],
        note="Projet d’alerte, à valider par l’autorité préfectorale.",
    )  # fmt: skip


def _area(wish: Wish, crisis: UUID | None) -> cap.Area:
    """Raises Invalid for what is not there."""
    if wish.zone is not None:
        drawn = ZoneVersion.objects.filter(zone=wish.zone, zone__cell=crisis, zone__removed_at=None).last()
        shape = msgspec.convert(drawn.shape, Shape) if drawn else None
        if drawn is None or shape is None or shape.type not in AREAS:
            raise Invalid(errors={"zone": [_("This zone is no area of the cell.")]})
        return _outline(drawn.label or WHOLE, shape)
    communes = Commune.objects.filter(insee=wish.commune) if wish.commune else Commune.objects.order_by("insee")
    codes = [cap.Pair(valueName=INSEE, value=one.insee) for one in communes]
    if not codes:
        raise Invalid(errors={"commune": [_("Not one of the possible values.")]})
    return cap.Area(areaDesc=communes[0].name if wish.commune else WHOLE, geocode=codes)


def _outline(name: str, shape: Shape) -> cap.Area:
    points = [f"{lat:.6f},{lon:.6f}" for lat, lon in shape.points]
    if shape.type == "circle":
        return cap.Area(areaDesc=name, circle=[f"{points[0]} {(shape.radius_m or 0) / 1000:.3f}"])
    return cap.Area(areaDesc=name, polygon=[" ".join(points if points[0] == points[-1] else [*points, points[0]])])


def keep(message: Message, text: str) -> Alert | None:
    """Put a relayed alert among those in force; an Update or Cancel ends those it refers to. Only what is meant for the
    public, and real unless this is an exercise, is shown. Raises InvalidMessage."""
    alert = cap.parse(text.encode())
    for sender, identifier, _sent in cap.references(alert):
        Alert.objects.filter(sender=sender, identifier=identifier, replaced_at=None).update(replaced_at=clock())
    ours = "Exercise" if settings.PREFECTURE_EXERCISE else "Actual"
    if alert.scope != "Public" or alert.status != ours or alert.msgType not in ("Alert", "Update"):
        return None
    info = alert.info[0]
    sent = instant(alert.sent)
    ends = [instant(one.expires) for one in alert.info if one.expires]
    return Alert.objects.create(
        identifier=alert.identifier, sender=alert.sender, message=message, msg_type=alert.msgType,
        headline=(info.headline or info.event)[:200], summary=info.description or "", xml=text,
        sent=sent, expires_at=max(ends, default=sent + LASTS),
    )  # fmt: skip
