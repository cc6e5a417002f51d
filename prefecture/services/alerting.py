"""Alerts in force, for subscribers of the feed."""

from datetime import timedelta

from prefecture.models import Alert, Message
from prefecture.services.sending import clock
from prefecture.wire import cap
from prefecture.wire.times import instant

LASTS = timedelta(hours=24)  # where the alert itself does not say


def keep(message: Message, text: str) -> Alert | None:
    """Put a relayed alert among those in force; an Update or Cancel ends those it refers to. Only what is meant for the
    public, and real unless this is an exercise, is shown. Raises InvalidMessage."""
    alert = cap.parse(text.encode())
    for sender, identifier, _sent in cap.references(alert):
        Alert.objects.filter(sender=sender, identifier=identifier, replaced_at=None).update(replaced_at=clock())
    if (
        alert.scope != "Public"
        or alert.status not in ("Actual", "Exercise")
        or alert.msgType not in ("Alert", "Update")
    ):
        return None
    info = alert.info[0]
    sent = instant(alert.sent)
    ends = [instant(one.expires) for one in alert.info if one.expires]
    return Alert.objects.create(
        identifier=alert.identifier, sender=alert.sender, message=message, msg_type=alert.msgType,
        headline=(info.headline or info.event)[:200], summary=info.description or "", xml=text,
        sent=sent, expires_at=max(ends, default=sent + LASTS),
    )  # fmt: skip
