"""Every word that the board's scripts show, in the reader's language. Keys are read by static/js/board; {names} are filled
in there. What every page says is in incidents/ground_words.py."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from incidents.ground_words import Labels, common, counted, spoken
from interventions.series_labels import SERIES
from interventions.wording import EVENTS, REASONS
from interventions.workflow import PauseReason, Status

_ACTS = {
    "do.assign": _("Choose crew and time"),
    "do.assign.now": _("Assign"),
    "do.unassign": _("Take it back"),
    "do.edit": _("Correct"),
    "do.pause": _("Stop the clocks"),
    "do.resume": _("Let the clocks go on"),
    "do.verify": _("Verify"),
    "do.reopen": _("Not good: send again"),
    "do.cancel": _("Call it off"),
    "do.accept": _("Accepted by the crew"),
    "do.depart": _("On the way"),
    "do.arrive": _("On site"),
    "do.finish": _("Work done"),
    "do.refuse": _("Refused by the crew"),
    "do.fail": _("Could not be done"),
    "do.note": _("Add a note"),
    "do.more": _("More"),
    "do.for_the_crew": _("In the crew's name"),
    "do.refused": _("“{act}” is not possible here: your duties or its state do not allow it."),
    "said.assign": _("Given to {crew}, {time}"),
    "said.unassign": _("Taken back; it waits for a crew"),
    "said.edit": _("Corrected"),
    "said.pause": _("The clocks stand still"),
    "said.resume": _("The clocks go on"),
    "said.verify": _("Verified"),
    "said.reopen": _("Sent again; it waits for a crew"),
    "said.cancel": _("Called off"),
    "said.accept": _("Noted: accepted"),
    "said.depart": _("Noted: on the way"),
    "said.arrive": _("Noted: on site"),
    "said.finish": _("Noted: done"),
    "said.refuse": _("Noted: refused"),
    "said.fail": _("Noted: could not be done"),
    "said.note": _("Note added"),
    "undo.reason": _("Taken back at once on the board"),
    "act.assign": _("Assign"),
}

_FORMS = {
    "field.crew": _("Crew"),
    "field.start": _("From"),
    "field.override": _("Why this crew all the same"),
    "field.pause": _("What it waits for"),
    "field.note": _("Note"),
    "field.verified": _("What was looked at"),
    "field.incident": _("Incident"),
    "field.left_out": _("Why something was left out"),
    "field.duration_minutes": _("Duration in minutes"),
    "field.skills": _("Skills needed"),
    "field.window_start": _("Not before"),
    "field.window_end": _("Done by"),
    "field.lone": _("Safety"),
    "field.place": _("Place"),
    "hint.place": _("Type a street, a place or a commune."),
    "hint.duration": _("Left empty: what such work usually takes. Skills likewise."),
    "lone.words": _("Lone worker"),
    "hint.override": _("Optional: when something speaks against this crew."),
    "hint.override.needed": _("Needed: something speaks against this crew."),
    "hint.left_out": _("Only when needed items of the checklist are not ticked."),
    "verify.resolve": _("Resolve the incident as well, when nothing else is under way for it"),
    "assign.lacks": _("{name} (lacks a skill)"),
    "against.skill": _("Lacks: {skills}"),
    "against.shift": _("Not on shift at {time}"),
    "conflict.title": _("Someone changed this mission meanwhile"),
    "ask.open": _("Ask for an intervention"),
    "section.work": _("Interventions · {n}"),
    "work.none": _("No work has been asked for."),
    "ask.title": _("New mission, without an incident"),
    "ask.send": _("Ask for it"),
    "ask.done": _("{reference} asked for"),
    **SERIES,
}

_SHEET = {
    "sheet.none": _("No mission chosen"),
    "sheet.none.words": _(
        "Choose one on the left, in the day or on the map: who could go, and why, is shown here. J and K go through them."
    ),
    "sheet.close": _("Close the mission"),
    "sheet.gone": _("This mission is no longer within your sight."),
    "sheet.paused": _("clocks stopped"),
    "section.facts": _("Facts"),
    "section.clocks": _("Clocks"),
    "section.thread": _("Timeline"),
    "section.checklist": _("Checklist · {n} of {all}"),
    "section.photos": _("Photos · {n}"),
    "section.notes": _("Notes · {n}"),
    "section.materials": _("Materials used"),
    "section.pauses": _("Stopped clocks"),
    "fact.where": _("Where"),
    "fact.needs": _("Needs"),
    "fact.planned": _("Planned"),
    "fact.category": _("What"),
    "fact.incident": _("Incident"),
    "fact.crew": _("Crew"),
    "fact.leader": _("Leader"),
    "fact.reason": _("Why"),
    "fact.outcome": _("Outcome"),
    "fact.verified": _("Verified by"),
    "fact.spent": _("Time spent"),
    "fact.nothing": _("no special skill"),
    "fact.nobody": _("nobody yet"),
    "fact.window": _("between {from} and {to}"),
    "fact.slot": _("{from}–{to}"),
    "fact.papers": _("On paper"),
    "paper.order": _("Mission order (PDF)"),
    "paper.report": _("Completion report (PDF)"),
    "fact.see": pgettext_lazy("a link", "See"),
    "item.needed": _("needed"),
    "stage.before": _("before"),
    "stage.after": _("after"),
    "photo.alt": _("Photo {stage} the work, {time}"),
    "clock.response.fine": _("First response, left"),
    "clock.response.soon": _("First response, left"),
    "clock.response.late": _("First response, late by"),
    "clock.response.stopped": _("First response, stopped at"),
    "clock.response.met": _("First response in time, spare"),
    "clock.response.missed": _("First response was late by"),
    "clock.repair.fine": _("Repair, left"),
    "clock.repair.soon": _("Repair, left"),
    "clock.repair.late": _("Repair, late by"),
    "clock.repair.stopped": _("Repair, stopped at"),
    "clock.repair.met": _("Repaired in time, spare"),
    "clock.repair.missed": _("Repair was late by"),
    "clock.before": _("before {time}"),
}

_CHOICE = {
    "choose.title": _("Proposals"),
    "choose.proposals": _("Proposals · {n}"),
    "choose.excluded": _("Set aside · {n}"),
    "choose.estimation": _("travel estimated"),
    "choose.routed": _("travel by road"),
    "choose.nobody": _(
        "No crew can be sent as things are. Below is what stands against each; a reason in words sends it all the same."
    ),
    "choose.more": _("{n} more"),
    "choose.again": _("Worked out at {time} · again"),
    "choose.drive": _("{n} min, {km} km"),
    "choose.assign.to": _("Assign to {crew}"),
    "choose.force": _("Send all the same…"),
    "choose.force.of": _("Send {crew} all the same"),
    "choose.force.words": _("needs a reason"),
    "est": _("estimation"),
    "until.unknown": _("an unknown time"),
    "cover.title": _("Cover, min"),
    "cover.none": _("Your duties do not show the cover."),
    "cover.nobody": _("nobody"),
    "cover.words": _("Minutes to the farthest point of the sector; marked beyond {n} min. Picture of {time}."),
    "cover.sent": _("{crew} sent at {time}."),
    "cover.lost": _("{sector}: no {skill} within {n} min until {until}."),
    "cover.accept": _("Accept"),
    "cover.accepted": _("Accepted: the cover stays as it is"),
}

_PLAN = {
    "plan.size": _("{n} × {crews} crews"),
    "plan.queued": _("waiting for a worker"),
    "plan.solving": _("searching"),
    "plan.solved": _("ready"),
    "plan.failed": _("The plan could not be worked out: {why}"),
    "plan.best": _("{n} served, {left} left"),
    "plan.rest": _("{n} still to accept, {done} assigned, {left} left"),
    "plan.travel": _("{n} min of driving"),
    "plan.nothing": _("nothing is given to anybody without your word"),
    "plan.review": _("The plan, before it is applied"),
    "plan.take": _("Apply: {title}"),
    "plan.apply": _("Apply {n}"),
    "plan.late": _("late"),
    "plan.left": _("Left without a crew · {n}"),
    "plan.why.no_crew": _("no crew on shift has the skills and the contract"),
    "plan.why.no_time": _("no crew has the time"),
    "plan.why.later": _("its window lies outside the plan"),
    "plan.column.take": _("Apply"),
    "plan.column.priority": _("Priority"),
    "plan.column.mission": _("Mission"),
    "plan.column.crew": _("Crew"),
    "plan.column.slot": _("Time"),
    "plan.column.travel": _("Driving"),
    "plan.column.note": _("Note"),
}

_DAY = {
    "view.waiting": _("Without a crew"),
    "view.late": _("Late"),
    "view.refused": pgettext_lazy("missions", "Refused"),
    "view.planned": pgettext_lazy("missions", "Planned"),
    "view.check": _("To verify"),
    "list.more": _("{n} more"),
    "empty.waiting": _("Every mission has its crew"),
    "empty.filtered": _("Nothing matches this filter"),
    "tag.left": _("{time} left"),
    "tag.late": _("late {time}"),
    "tag.stopped": _("stopped · {why}"),
    "tag.refused": _("refused"),
    "tag.planned": _("from {time}"),
    "lasting.minutes": _("{n} min"),
    "lasting.hours": _("{h} h"),
    "lasting.both": _("{h} h {m}"),
    "crew.free": pgettext_lazy("a crew", "Free"),
    "crew.site": _("On site"),
    "crew.road": _("On the way"),
    "crew.paused": _("Paused"),
    "crew.on_call": _("On call"),
    "crew.absent": _("Absent"),
    "crew.off": _("Off shift"),
    "crew.back": _("From {time}"),
    "crew.load": _("{n} %"),
    "position.none": _("unknown"),
    "position.fresh": _("Age of its last position"),
    "position.stale": _("Its last position is old or unknown: it may be elsewhere"),
    "age.seconds": _("{n} s"),
    "age.minutes": _("{n} min"),
    "age.hours": _("{n} h"),
    "shift.planned": _("On shift {from}–{to}"),
    "shift.on_call": _("On call → {to}"),
    "shift.absent": _("Absent → {to}"),
    "axis.hour": _("{h} h"),
    "bar.words": _("{title}, {priority}, {status}, {from} to {to}"),
    "bar.over": _("{n} min over"),
    "refused.why": _("Refused: two missions at once."),
    "refused.put": _("put on {from}–{to}"),
    "refused.by": _("{reference} “{title}” until {time}"),
    "refused.given": _("given by {name} at {time}"),
    "refused.place": _("Place at {time}"),
    "refused.forget": _("Put the refusal away"),
    "map.ages": _("Positions from {least} to {most} · dashed: too old"),
    "map.noPositions": _("No position known · dashed: at the depot"),
    "say.vital.work": _("Vital mission without a crew: {title}"),
    "say.refused": _("Refused by its crew: {title}"),
    "say.silent": _("No sign of life from the lone worker of {crew}: {title}"),
    "say.field_conflict": _("The field reported something that no longer fits: {title}"),
    "strip.lost.works": _("Reading and filtering still work. Assigning waits until the connection is back."),
}

_HELP = {
    "help.browse": _("Next, previous mission"),
    "help.choose": _("Look at a proposal"),
    "help.assign": _("Assign to the chosen proposal"),
    "help.plan": _("Plan everything"),
    "help.ask": _("New mission"),
    "help.filters": _("Filters"),
    "help.map": _("Go to the map (arrows move it, + and − zoom)"),
    "help.day": _("In the crews' day: from mission to mission"),
    "help.escape": _("Close the form, then the mission"),
}


_OF_A_MISSION = {
    "work.assigned": pgettext_lazy("a mission", "Assigned"),
    "work.accepted": pgettext_lazy("a mission", "Accepted"),
    "work.done": pgettext_lazy("a mission", "Done"),
    "work.verified": pgettext_lazy("a mission", "Verified"),
    "work.refused": pgettext_lazy("a mission", "Refused"),
    "work.cancelled": pgettext_lazy("a mission", "Cancelled"),
}


def board() -> Labels:
    """All labels of the board by key."""
    own = {**_states(), **_ACTS, **_FORMS, **_SHEET, **_CHOICE, **_PLAN, **_DAY, **_HELP, **EVENTS, **REASONS}
    return {**common(), **spoken(own), **_counts()}


def panel() -> Labels:
    """Those of the panel in the desk's open incident, and of the count of late missions."""
    return spoken({**_states(), **_FORMS, **_DAY}) | _counts()


def _states() -> dict[str, Any]:
    statuses = {f"work.{status}": status.label for status in Status} | _OF_A_MISSION
    return {**statuses, **{f"pause.{reason}": reason.label for reason in PauseReason}}


def _counts() -> Labels:
    return {
        "bar.late": counted(lambda n: ngettext("{n} late mission", "{n} late missions", n)),
        "plan.applied": counted(lambda n: ngettext("{n} mission assigned", "{n} missions assigned", n)),
        "plan.refused": counted(
            lambda n: ngettext("{n} had changed and was left.", "{n} had changed and were left.", n)
        ),
        "group.crews": counted(lambda n: ngettext("{n} crew, {there} on shift", "{n} crews, {there} on shift", n)),
    }
