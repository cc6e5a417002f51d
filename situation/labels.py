"""Every word that the desk's scripts show, in the reader's language. Keys are read by static/js; {names} are filled in there."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from incidents.ground_words import Labels, common, counted, spoken
from incidents.labels import FOLLOWING
from incidents.workflow import Source, Status
from interventions import labels as work
from notifications.labels import ALARMS

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
    "field.place": _("New place"),
    "field.into": _("Merge into"),
    "field.people": _("Named people"),
    "field.description": _("What was said"),
    "field.source": _("Received by"),
    "field.reporter_name": _("Reporter's name"),
    "field.reporter_phone": _("Reporter's telephone"),
    "field.reporter_email": _("Reporter's e-mail"),
    "hint.title": _("Empty: the category and the address stand for it. Never the name of a reporter."),
    "hint.person": _("Optional."),
    "hint.place": _("Type a place, or click on the map."),
    "hint.into": _("Reference or words. Both stay readable; the reports go to the other one."),
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
}


_DRAWER = {
    "drawer.close": _("Close the incident"),
    "drawer.gone": _("This incident is no longer within your sight."),
    "crisis.open": _("Open a crisis cell"),
    "crisis.propose": _("Propose a crisis cell"),
    "crisis.why": _("Why a cell is due"),
    "crisis.proposed": _("A cell is proposed: those who may open one see it now."),
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
    "say.vital": _("Vital incident: {name}, {commune}"),
}


_HELP = {
    "help.declare": _("Declare an incident"),
    "help.search": _("Search"),
    "help.move": _("Next, previous incident"),
    "help.map": _("Go to the map (arrows move it, + and − zoom)"),
    "help.escape": _("Close the form, then the incident"),
}


def desk() -> Labels:
    """All labels by key: a text, or {"one": …, "other": …} where it follows a number."""
    own = {**_domain(), **_ACTS, **_FORMS, **_DRAWER, **_EVENTS, **_LIST_AND_MAP, **_HELP, **FOLLOWING, **ALARMS}
    return {**work.panel(), **common(), **spoken(own), **_counts()}


def _counts() -> Labels:
    return {
        "count.reports": counted(lambda n: ngettext("{n} report", "{n} reports", n)),
        "count.vital": counted(
            lambda n: ngettext("{n} vital incident not acknowledged", "{n} vital incidents not acknowledged", n)
        ),
        "say.fresh": counted(lambda n: ngettext("{n} new incident", "{n} new incidents", n)),
    }


def _domain() -> Labels:
    statuses = {f"status.{status}": status.label for status in Status}
    return {**statuses, **{f"source.{source}": source.label for source in Source}}
