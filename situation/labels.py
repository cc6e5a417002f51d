"""Every word that the desk's scripts show, in the reader's language. Keys are read by static/js; {names} are filled in there."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from incidents.workflow import Priority, Source, Status

Labels = dict[str, Any]

_ACTS = {
    "act.acknowledge": _("Acknowledge"),
    "act.qualify": _("Qualify"),
    "act.assign": _("Assign"),
    "act.start": _("Start the work"),
    "act.resolve": _("Resolve"),
    "act.close": _("Close"),
    "act.reopen": _("Reopen"),
    "act.edit": _("Edit title and address"),
    "act.move": _("Move on the map"),
    "act.report": _("Add a report"),
    "act.merge": _("Merge into another"),
    "act.unmerge": _("Take the merge back"),
    "act.restrict": _("Restrict to named people"),
    "act.unrestrict": _("Lift the restriction"),
    "act.name_people": _("Change the named people"),
    "act.cancel": _("Cancel the incident"),
    "act.watch": _("Follow"),
    "act.unwatch": _("Stop following"),
    "act.comment": _("Comment"),
    "act.attach": _("Add a photo or file"),
    "act.more": _("More"),
    "act.refused": _("“{act}” is not possible here: your duties or its state do not allow it."),
    "done.acknowledge": _("Acknowledged"),
    "done.qualify": _("Qualified"),
    "done.assign": _("Assigned"),
    "done.start": _("Work started"),
    "done.resolve": _("Resolved"),
    "done.close": _("Closed"),
    "done.reopen": _("Reopened"),
    "done.edit": _("Changed"),
    "done.move": _("Moved"),
    "done.report": _("Report added"),
    "done.merge": _("Merged; its reports were gathered"),
    "done.unmerge": _("Separated again"),
    "done.restrict": _("Restricted; other screens have dropped it"),
    "done.unrestrict": _("Visible to the post again"),
    "done.name_people": _("Named people changed"),
    "done.cancel": _("Cancelled"),
    "done.watch": _("You follow it"),
    "done.unwatch": _("You no longer follow it"),
}


_FORMS = {
    "field.priority": _("Priority"),
    "field.category": _("Category"),
    "field.title": _("Title"),
    "field.organisation": _("Organisation"),
    "field.person": _("Person"),
    "field.reason": _("Why"),
    "field.outcome": _("What was done"),
    "field.address": _("Address"),
    "field.place": _("New place"),
    "field.into": _("Merge into"),
    "field.people": _("Named people"),
    "field.description": _("What was said"),
    "field.source": _("Received by"),
    "field.status": _("Status"),
    "field.reporter_name": _("Reporter's name"),
    "field.reporter_phone": _("Reporter's telephone"),
    "field.reporter_email": _("Reporter's e-mail"),
    "hint.title": _("Empty: the category and the address stand for it. Never the name of a reporter."),
    "hint.person": _("Optional."),
    "hint.place": _("Type a place, or click on the map."),
    "hint.into": _("Reference or words. Both stay readable; the reports go to the other one."),
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
    "declare.noPlace": _("Choose a place in the list, or click on the map."),
    "declare.noCategory": _("Choose a category in the list."),
    "declare.sending": _("Sending…"),
    "declare.done": _("{reference} declared"),
    "declare.attached": _("Report attached to {reference}"),
    "draft.kept": _("Draft kept"),
    "place.outside": _("This point lies outside the metropolis."),
    "place.commune": _("commune"),
    "same.title": _("Same one? {n} open nearby"),
    "same.attach": _("Attach here"),
    "problem.network": _(
        "The server cannot be reached. What you typed is kept; send it again when the connection is back."
    ),
    "problem.login": _("You are logged out. Log in again in another tab, then send again: what you typed is kept."),
    "problem.unknown": _("It did not work. Nothing was changed."),
}


_DRAWER = {
    "drawer.close": _("Close the incident"),
    "drawer.gone": _("This incident is no longer within your sight."),
    "drawer.again": _("Try again"),
    "section.facts": _("Facts"),
    "section.next": _("What happens next"),
    "section.reports": _("Reports · {n}"),
    "section.comments": _("Comments · {n}"),
    "section.files": _("Photos and files · {n}"),
    "section.near": _("Nearby"),
    "section.thread": _("Timeline"),
    "fact.where": _("Where"),
    "fact.when": _("When"),
    "fact.what": _("What"),
    "fact.status": _("Status"),
    "fact.owner": _("Owner"),
    "fact.source": _("Source"),
    "fact.entered": _("entered {time}"),
    "fact.waiting": _("not acknowledged"),
    "fact.acknowledged": _("acknowledged"),
    "fact.nobody": _("nobody yet"),
    "next.response.ahead": _("to acknowledge before {time}"),
    "next.response.late": _("should have been acknowledged at {time}"),
    "next.response.met": _("acknowledged (target {time})"),
    "next.resolution.ahead": _("to resolve before {time}"),
    "next.resolution.late": _("should have been resolved at {time}"),
    "report.erased": _("Erased at the reporter's request"),
    "report.silent": _("Without a description"),
    "comment.text": _("Text of the comment"),
    "comment.to": _("Who reads it"),
    "comment.internal": _("Internal"),
    "comment.reporters": _("To the reporters"),
    "file.tooBig": _("This file is larger than 12 MB."),
    "file.sending": _("Sending {name}…"),
    "near.open": _("Open"),
    "quote": _("“{text}”"),
    "presence.here": _("Also here: {names}"),
    "presence.editing": _("{name} (is writing)"),
}


_EVENTS = {
    "event.incidents.declared": _("declared it: {category}, {place}"),
    "event.incidents.reported": _("added a report ({source})"),
    "event.incidents.acknowledged": _("acknowledged it"),
    "event.incidents.qualified": _("qualified it: {priority}, {category}"),
    "event.incidents.edited": _("changed title or address"),
    "event.incidents.assigned": _("assigned it to {owner}"),
    "event.incidents.started": _("started the work"),
    "event.incidents.resolved": _("resolved it"),
    "event.incidents.closed": _("closed it"),
    "event.incidents.cancelled": _("cancelled it"),
    "event.incidents.reopened": _("reopened it"),
    "event.incidents.moved": _("moved it to {place}"),
    "event.incidents.merged": _("merged it into another incident"),
    "event.incidents.gathered": _("gathered the reports of a merged incident here"),
    "event.incidents.unmerged": _("took the merge back"),
    "event.incidents.separated": _("gave a merged incident its reports back"),
    "event.incidents.restricted": _("restricted it to named people"),
    "event.incidents.unrestricted": _("lifted the restriction"),
    "event.incidents.people_named": _("changed the named people"),
    "event.incidents.commented": _("commented ({to})"),
    "event.incidents.attached": _("added a file"),
    "event.incidents.reporter_erased": _("erased a reporter's details"),
}


_LIST_AND_MAP = {
    "ago.now": _("just now"),
    "ago.minutes": _("{n} min ago"),
    "ago.hours": _("{h} h {m} ago"),
    "ago.days": _("{n} d ago"),
    "span.hours": _("{h} h {m}"),
    "span.days": _("{n} d"),
    "tag.restricted": _("restricted"),
    "tag.due.response": _("to acknowledge · {time}"),
    "tag.late.response": _("not acknowledged · late {time}"),
    "tag.due.resolution": _("due in {time}"),
    "tag.late.resolution": _("late {time}"),
    "list.more": _("{n} more"),
    "list.partial": _(
        "The list could not be loaded whole. It goes on with what is here; reload the page for the rest."
    ),
    "empty.none": _("Nothing to handle"),
    "empty.filtered": _("Nothing matches this filter"),
    "filter.name": _("Name of this filter, then Enter"),
    "filter.drop": _("Forget the filter {name}"),
    "map.in": _("Zoom in"),
    "map.out": _("Zoom out"),
    "map.live": _("Picture of {time}, live"),
    "map.age": _("Picture of {time}, not live"),
    "say.vital": _("Vital incident: {name}, {commune}"),
    "toast.close": pgettext_lazy("a message", "Close"),
    "toast.undo": _("Undo"),
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


_HELP = {
    "help.title": _("Keyboard"),
    "help.declare": _("Declare an incident"),
    "help.search": _("Search"),
    "help.move": _("Next, previous incident"),
    "help.map": _("Go to the map (arrows move it, + and − zoom)"),
    "help.help": _("This page"),
    "help.escape": _("Close the form, then the incident"),
    "help.letters": _("Single-letter keys are on"),
    "help.close": pgettext_lazy("a dialog", "Close"),
}


def desk() -> Labels:
    """All labels by key: a text, or {"one": …, "other": …} where it follows a number."""
    plain = {**_domain(), **_ACTS, **_FORMS, **_DRAWER, **_EVENTS, **_LIST_AND_MAP, **_CONNECTION, **_HELP}
    return {**{key: str(text) for key, text in plain.items()}, **_counts()}


def _counts() -> Labels:
    return {
        "count.reports": _counted(lambda n: ngettext("{n} report", "{n} reports", n)),
        "count.vital": _counted(
            lambda n: ngettext("{n} vital incident not acknowledged", "{n} vital incidents not acknowledged", n)
        ),
        "say.fresh": _counted(lambda n: ngettext("{n} new incident", "{n} new incidents", n)),
        "link.back": _counted(
            lambda n: ngettext("Connection back: {n} change meanwhile", "Connection back: {n} changes meanwhile", n)
        ),
    }


def _counted(say: Callable[[int], str]) -> dict[str, str]:
    return {"one": say(1), "other": say(2)}


def _domain() -> Labels:
    statuses = {f"status.{status}": str(status.label) for status in Status}
    priorities = {f"priority.{priority}": str(priority.label) for priority in Priority}
    sources = {f"source.{source}": str(source.label) for source in Source}
    return {**statuses, **priorities, **sources, "system": str(_("The post")), "someone": str(_("Someone of the post"))}
