"""Words for people: what each channel says, and why something did not go."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from notifications.channels.parcels import Parcel
from notifications.shifts import PARIS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TEXT_LIMIT = 480  # characters: three parts of a text message
LISTED = 5  # subjects in a message about many

WHY: "Mapping[str, _StrPromise]" = {
    "no_number": gettext_lazy("no telephone number is known"),
    "no_address": gettext_lazy("no e-mail address is known"),
    "no_browser": gettext_lazy("no browser is subscribed"),
    "not_set_up": gettext_lazy("this post has no such provider"),
    "provider_down": gettext_lazy("the provider could not be reached"),
    "no_answer": gettext_lazy("the provider did not answer in time"),
    "refused": gettext_lazy("the provider refused it"),
    "undelivered": gettext_lazy("the provider could not deliver it"),
    "our_fault": gettext_lazy("an error on our side"),
    "quiet_hours": gettext_lazy("waits for the end of quiet hours"),
    "grouped": gettext_lazy("told together with others"),
    "too_late": gettext_lazy("given up: too old"),
    "off_duty": gettext_lazy("no longer on duty"),
    "taken_up": gettext_lazy("taken up meanwhile"),
}


def text_message(parcel: Parcel) -> str:
    """What stands in a text message; the way to answer is never cut off."""
    tail = [_answer(parcel), parcel.link]
    end = "\n".join(filter(None, tail))
    head = "\n".join(filter(None, (parcel.subject, parcel.body)))
    room = TEXT_LIMIT - len(end) - 1
    return "\n".join(filter(None, (head if len(head) <= room else f"{head[: room - 1]}…", end)))


def _answer(parcel: Parcel) -> str:
    if not parcel.code:
        return ""
    with override(parcel.language):
        return _("Reply OK %(code)s to acknowledge.") % {"code": parcel.code}


def spoken(parcel: Parcel) -> str:
    """What a call says, twice; a key acknowledges."""
    with override(parcel.language):
        asks = _("Press 1 to acknowledge.") if parcel.code else ""
    said = " ".join(f"{part.rstrip('.')}." for part in (parcel.subject, parcel.body, asks) if part)
    return f"{said} {said}"


def letter(parcel: Parcel) -> str:
    """The text of an e-mail."""
    with override(parcel.language):
        asks = _("Acknowledge, after seeing what it does:") if parcel.code else ""
        foot = _("OnDijon, the control post of Dijon Métropole. Nobody reads answers to this address.")
    return "\n".join(filter(None, (parcel.body or parcel.subject, "", asks, parcel.link, "", "-- ", foot)))


def many(count: int, since: datetime, language: str) -> str:
    """One subject for what came in a storm: 37 new since 14:02."""
    with override(language):
        words = ngettext("%(count)d new since %(time)s", "%(count)d new since %(time)s", count)
        return words % {"count": count, "time": f"{since.astimezone(PARIS):%H:%M}"}


def list_of(subjects: list[str], count: int, language: str) -> str:
    """The first of many, and how many more."""
    lines = [f"• {subject}" for subject in subjects[:LISTED]]
    more = count - len(lines)
    with override(language):
        rest = [ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}] if more > 0 else []
    return "\n".join([*lines, *rest])
