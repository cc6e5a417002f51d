"""Every word that the phone's scripts show, in the reader's language. Keys are read by static/js/field."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from incidents.workflow import Priority
from interventions.workflow import PauseReason, Status

Labels = dict[str, Any]

_DAY = {
    "at": pgettext_lazy("a time of day", "at {time}"),
    "list.title": _("My missions"),
    "list.noShift": _("no shift now"),
    "list.now": pgettext_lazy("missions", "Now"),
    "list.next": pgettext_lazy("missions", "Next"),
    "list.done": pgettext_lazy("missions", "Over"),
    "list.accepted": _("accepted"),
    "list.toSend": _("to be sent"),
    "list.empty": _("No mission today. New ones appear here by themselves."),
    "list.noCrew": _("You belong to no crew. The coordinator can put you into one."),
    "mission.ends": _("to end at {time}"),
    "mission.minutes": _("{n} min"),
    "mission.before": _("on site before {time}"),
    "mission.lateSince": _("was due on site at {time}"),
    "mission.directions": _("Directions"),
    "mission.back": _("Back to my missions"),
    "check.title": _("To do"),
    "check.count": _("{done} of {all}"),
    "check.pending": _("{time}, to be sent"),
    "check.photo": _("photo wanted"),
    "check.needed": pgettext_lazy("an item of a checklist", "needed"),
    "add.photo": _("Photo"),
    "add.photos": _("Photos sent or kept:"),
    "add.note": _("Note"),
    "add.material": _("Material"),
    "said.title": _("Notes and material"),
    "step.sent": _("{time}, sent"),
    "step.toSend": _("{time}, to be sent"),
}

_ACTS = {
    "act.accept": _("Accept"),
    "act.refuse.more": _("Refuse…"),
    "act.depart": _("On the way"),
    "act.arrive": _("On site"),
    "act.finish": pgettext_lazy("a mission", "Finished"),
    "act.fail.more": _("Not possible…"),
    "act.hold.more": _("Waiting…"),
    "act.release": _("Go on"),
    "ask.refuse": _("Refuse this mission"),
    "ask.fail": _("It could not be done"),
    "ask.hold": _("Stop the clock"),
    "ask.note": _("Note"),
    "ask.material": _("Material used"),
    "ask.finish": _("The work is done"),
    "send.refuse": _("Refuse"),
    "send.fail": pgettext_lazy("a mission", "Not possible"),
    "send.hold": pgettext_lazy("the clock", "Stop it"),
    "send.note": pgettext_lazy("a note", "Keep it"),
    "send.material": pgettext_lazy("a note", "Keep it"),
    "send.finish": pgettext_lazy("a mission", "Finished"),
    "sheet.close": pgettext_lazy("a message", "Close"),
    "field.reason": _("Why"),
    "field.waiting": _("What you wait for"),
    "field.note": _("What you saw or did"),
    "field.material": _("What was used"),
    "field.quantity": _("How many"),
    "field.unit": _("Unit"),
    "field.outcome": _("What was done"),
    "field.leftOut": _("Why this was left out"),
    "field.minutes": _("Minutes spent"),
    "photo.title": _("What does it show?"),
    "photo.preview": _("The photo just taken"),
    "photo.before": _("Before the work"),
    "photo.after": _("After the work"),
    "photo.bad": _("This file is no picture that can be read. Nothing was kept of it."),
    "pause.stands": _("Clock stopped: {reason}"),
    "pause.since": _("since {time}"),
}

_SAID = {
    "said.accept": _("Accepted"),
    "said.refuse": _("Refused"),
    "said.depart": _("On the way"),
    "said.arrive": _("On site"),
    "said.finish": pgettext_lazy("a mission", "Finished"),
    "said.fail": pgettext_lazy("a mission", "Not possible"),
    "said.hold": _("Clock stopped"),
    "said.release": _("Clock goes on"),
    "said.tick": _("Item of the checklist"),
    "said.note": _("Note"),
    "said.material": _("Material"),
    "said.photo": _("Photo"),
    "said.check_in": _("I am well"),
    "said.share": _("Position shared"),
    "said.unshare": _("Position no longer shared"),
    "said.consent": _("Position shared"),
}

_TROUBLES = {
    "trouble.cancelled": _("Cancelled meanwhile"),
    "trouble.gone": _("Taken back meanwhile"),
    "trouble.state": _("Was in another state already"),
    "trouble.again": _("Given anew meanwhile"),
    "trouble.old": _("More than seven days back"),
    "trouble.refused": _("Not taken by the post"),
    "trouble.since": _("at {time}"),
    "trouble.kept": _("Your “{act}” of {time} stays on record."),
    "trouble.notTaken": _("Your “{act}” of {time} was not taken: {why} It stays on this phone."),
    "trouble.call": _("Call"),
    "trouble.seen": _("Understood"),
}

_NET = {
    "net.on": _("Online"),
    "net.fresh": _("up to date at {time}"),
    "net.off": _("Offline"),
    "net.since": _("since {time}, everything is kept here"),
    "net.inOrder": _("in order, each one once"),
    "net.once": _("in order, at {time}, each one once"),
    "net.out": _("Logged out"),
    "net.barred": _("The post takes nothing from you just now"),
    "net.press": _("press here"),
    "net.login": _("Log in"),
    "sends.title": _("What was said from here"),
    "sends.none": _("Nothing yet."),
    "sends.again": _("Send now"),
    "sends.waiting": _("to be sent"),
    "sends.sent": _("sent {time}"),
    "sends.conflict": _("too late, {time}"),
    "sends.refused": _("not taken, {time}"),
    "leave.title": _("Log out"),
    "leave.yes": _("Log out all the same"),
}

_SAFETY = {
    "lone.tag": pgettext_lazy("a worker", "alone"),
    "lone.left": _("Alone · sign of life within"),
    "lone.over": _("Sign of life was due at {time}"),
    "lone.well": _("I am well"),
    "lone.sends": _("tells the post"),
    "lone.byPhone": _("offline: by telephone"),
    "lone.callPost": _("offline: call the post"),
    "lone.cryNear": _("A sign of life is due within five minutes."),
    "lone.cryOver": _("Your sign of life is overdue; the coordinator is being told."),
    "position.on": _("Position shared"),
    "position.until": _("until {time}"),
    "position.off": _("Position not shared: no shift with a vehicle now"),
    "position.ask": _("Position not shared"),
    "position.denied": _("This phone does not give its position"),
    "position.stop": pgettext_lazy("sharing the position", "Stop"),
    "position.share": _("Share…"),
    "consent.title": _("Share the position of the vehicle?"),
    "consent.what": _("Only the vehicle's position, about every ten seconds."),
    "consent.when": _("Only during your shift: it stops by itself when the shift ends, and whenever you press Stop."),
    "consent.who": _("Seen by the post and your own organisation, to send the nearest crew and to find you."),
    "consent.long": _("Erased after 30 days. Saying no has no consequence."),
    "consent.yes": _("Share while on shift"),
}


def field() -> Labels:
    """All labels by key: a text, or {"one": …, "other": …} where it follows a number."""
    plain = {**_domain(), **_DAY, **_ACTS, **_SAID, **_TROUBLES, **_NET, **_SAFETY}
    return {
        **{key: str(text) for key, text in plain.items()},
        **_counts(),
        "problem.unknown": str(_("It did not work. Nothing was changed.")),
    }


def _counts() -> Labels:
    return {
        "check.left": _counted(lambda n: ngettext("{n} item of the list is left", "{n} items of the list are left", n)),
        "net.offWaiting": _counted(lambda n: ngettext("Offline · {n} to be sent", "Offline · {n} to be sent", n)),
        "net.sending": _counted(lambda n: ngettext("Online · {n} being sent", "Online · {n} being sent", n)),
        "net.sent": _counted(lambda n: ngettext("Online · {n} has left", "Online · {n} have left", n)),
        "net.kept": _counted(lambda n: ngettext("{n} is kept here; press", "{n} are kept here; press", n)),
        "list.foreign": _counted(
            lambda n: ngettext(
                "{n} thing that somebody else said on this phone waits until they log in.",
                "{n} things that somebody else said on this phone wait until they log in.",
                n,
            )
        ),
        "leave.waiting": _counted(
            lambda n: ngettext(
                "{n} thing has not been sent. It stays on this phone until you log in again.",
                "{n} things have not been sent. They stay on this phone until you log in again.",
                n,
            )
        ),
    }


def _counted(say: Callable[[int], str]) -> dict[str, str]:
    return {"one": say(1), "other": say(2)}


def _domain() -> Labels:
    statuses = {f"status.{status}": str(status.label) for status in Status}
    priorities = {f"priority.{priority}": str(priority.label) for priority in Priority}
    pauses = {f"pause.{reason}": str(reason.label) for reason in PauseReason}
    cancelled = {f"status.{Status.CANCELLED}": pgettext("a mission", "Cancelled")}
    return {**statuses, **priorities, **pauses, **cancelled}
