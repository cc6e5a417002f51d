"""Words that every page's scripts show, in the reader's language: time, the connection, forms, what went wrong. A page adds
its own. Keys are read by static/js; {names} are filled in there."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from incidents.workflow import Priority

Labels = dict[str, Any]

_FORMS = {
    "form.cancel": _("Give up"),
    "form.needed": _("Needed."),
    "form.changed": _("Changed meanwhile: {words}. Look before you send."),
    "conflict.title": _("Someone changed this incident meanwhile"),
    "conflict.words": _("Nothing was overwritten. Here is what you were sending, and what is on record now."),
    "conflict.mine": _("Yours, not sent: {act}"),
    "conflict.theirs": _("On record now"),
    "conflict.was": _("was {words}"),
    "conflict.back": _("Back to my form"),
    "conflict.apply": _("Send mine on top"),
    "conflict.drop": _("Keep theirs, drop mine"),
    "problem.network": _(
        "The server cannot be reached. What you typed is kept; send it again when the connection is back."
    ),
    "problem.login": _("You are logged out. Log in again in another tab, then send again: what you typed is kept."),
    "problem.unknown": _("It did not work. Nothing was changed."),
    "field.priority": _("Priority"),
    "field.category": _("Category"),
    "field.title": _("Title"),
    "field.organisation": _("Organisation"),
    "field.person": _("Person"),
    "field.reason": _("Why"),
    "field.outcome": _("What was done"),
    "field.address": _("Address"),
    "field.status": _("Status"),
}


_TIME_AND_PAGE = {
    "ago.now": _("just now"),
    "ago.minutes": _("{n} min ago"),
    "ago.hours": _("{h} h {m} ago"),
    "ago.days": _("{n} d ago"),
    "span.hours": _("{h} h {m}"),
    "span.days": _("{n} d"),
    "when.tomorrow": _("tomorrow {time}"),
    "when.yesterday": _("yesterday {time}"),
    "when.day": _("{day}, {time}"),
    "toast.close": pgettext_lazy("a message", "Close"),
    "toast.undo": _("Undo"),
    "map.in": _("Zoom in"),
    "map.out": _("Zoom out"),
    "map.live": _("Picture of {time}, live"),
    "map.age": _("Picture of {time}, not live"),
    "quote": _("“{text}”"),
    "drawer.again": _("Try again"),
    "presence.here": _("Also here: {names}"),
    "presence.editing": _("{name} (is writing)"),
    "help.title": _("Keyboard"),
    "help.help": _("This page"),
    "help.letters": _("Single-letter keys are on"),
    "help.close": pgettext_lazy("a dialog", "Close"),
}


_CONNECTION = {
    "link.connecting": _("Connecting"),
    "link.live": _("Live, up to date"),
    "link.polling": _("No live channel: checked every 4 s"),
    "link.lost": _("Connection lost"),
    "link.out": _("Logged out"),
    "link.reset": _("The record changed place: everything was loaded again."),
    "strip.lost": _("Connection lost. Picture of {time}."),
    "strip.lost.works": _(
        "Reading, searching and filtering still work. A declaration is kept as a draft; it can be sent "
        "when the connection is back."
    ),
    "strip.out": _("You are logged out. Picture of {time}."),
    "strip.out.works": _("What is on the screen stays readable; drafts are kept."),
    "strip.login": _("Log in"),
}


def common() -> Labels:
    """The labels of every page by key: a text, or {"one": …, "other": …} where it follows a number."""
    plain = {**_FORMS, **_TIME_AND_PAGE, **_CONNECTION, "system": _("The post"), "someone": _("Someone of the post")}
    priorities = {f"priority.{priority}": priority.label for priority in Priority}
    return {**spoken({**plain, **priorities}), "link.back": counted(_back)}


def _back(n: int) -> str:
    return ngettext("Connection back: {n} change meanwhile", "Connection back: {n} changes meanwhile", n)


def spoken(texts: dict[str, Any]) -> dict[str, str]:
    """These lazy texts in the reader's language."""
    return {key: str(text) for key, text in texts.items()}


def counted(say: Callable[[int], str]) -> dict[str, str]:
    """A text that follows a number, in its two forms."""
    return {"one": say(1), "other": say(2)}
