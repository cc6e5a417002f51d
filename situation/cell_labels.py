"""Every word that the crisis room's scripts show, in the reader's language. {names} are filled in there."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from crisis.models import ZoneVersion
from crisis.workflow import Credibility, Level, LineKind, MemberState, Reliability
from incidents.ground_words import Labels, counted
from prefecture import labels as link_labels
from situation.cell_words import MORE
from situation.labels import desk

_LOG = {
    "log.entered": _("entered {time}"),
    "log.fixes": _("corrects no. {n}"),
    "log.fixed": _("replaced by no. {n}"),
    "log.fix": pgettext_lazy("a line of the log", "Correct"),
    "importance.vital": _("Vital"),
    "importance.important": _("Important"),
    "house": _("The post"),
    "guest": _("guest"),
    "mention": _("calls upon"),
    "trust.sure": _("confirmed"),
    "trust.likely": _("probable"),
    "trust.open": _("to verify"),
    "trust.false": _("improbable"),
    "outbox.waits": _("not sent yet"),
    "outbox.refused": _("refused"),
    "outbox.again": _("Try again"),
    "outbox.drop": _("Throw away"),
    "file.drop": _("Leave {name} out"),
    "since": _("Since you left:"),
    "since.more": _("Since you left, among others:"),
    "since.show": _("Show"),
    "entry.kept": _("draft kept"),
    "entry.time.wrong": _("Write the time as 14:05."),
}
_COMMANDS = {
    "command.action": _("/action"),
    "command.decision": _("/decision"),
    "command.message": _("/message"),
    "command.request": _("/request"),
    "command.correct": _("/correct"),
    "command.card": _("/card"),
    "command.report": _("/report"),
    "command.incident": _("/incident"),
    "command.level": _("/level"),
    "command.prefecture": _("/prefecture"),
    "command.action.for": _("function, what, @14:30"),
    "command.decision.for": _("what ; grounds: … ; rejected: …"),
    "command.message.for": _("a message received or given"),
    "command.request.for": _("a request to somebody"),
    "command.correct.for": _("number, the line as it should read"),
    "command.card.for": _("take an action card in"),
    "command.report.for": _("the situation report"),
    "command.incident.for": _("take an incident into the cell"),
    "command.level.for": _("another level"),
    "command.prefecture.for": _("to the prefecture's pane"),
    "command.unknown": _("There is no command “{name}”."),
    "command.action.help": _("Name the function, then what is to be done: /action field Close the bridge @14:30"),
    "command.correct.help": _("Give the number, then the line as it should read: /correct 39 …"),
}
_WORK = {
    "action.todo": _("to do"),
    "action.doing": _("under way"),
    "action.done": _("done {time}"),
    "action.dropped": _("dropped"),
    "action.late": _("late {time}"),
    "action.in": _("in {time}"),
    "action.start": _("Under way"),
    "action.finish": pgettext_lazy("an action, by whoever did it", "Done"),
    "action.state.todo": _("To do"),
    "action.state.doing": _("Under way"),
    "action.state.done": _("Done"),
    "action.state.dropped": _("Dropped"),
    "decision.rejected": _("Rejected: {words}"),
    "decision.check": _("to check {time}"),
    "decision.achieved": _("achieved, seen {time}"),
    "decision.failed": _("not achieved, seen {time}"),
    "board.late": _("{n} late"),
    "board.soon": _("{n} within the quarter hour"),
    "minutes": _("{n} min"),
}
_PEOPLE = {
    "fn.fill": _("to be filled: call"),
    "fn.missing": _("to be filled"),
    "fn.vacant": _("not filled"),
    "fn.coming": _("in {time}"),
    "fn.expected": _("expected by now"),
    "fn.until": _("guest until {time}"),
    "fn.screen": _("has this room on a screen"),
    "fn.end": _("End the part of {name}"),
    "people.missing": _("{n} to be filled"),
    "people.several": _("{names} and {n} more"),
    "people.call": _("Call somebody"),
    "people.invite": _("Invite a guest"),
    "answer.asked": _("You are called: {functions}"),
    "answer.in": _("In {n} min"),
}
_HEAD = {
    "cell.reference": _("cell {reference}"),
    "level.since": _("Level · since {time}, decided by {name}"),
    "level.suggested": _("{source} suggests {level}"),
    "suggested.escalation": _("the escalation"),
    "suggested.weather": _("the weather warning"),
    "suggested.flood": _("the flood warning"),
    "suggested.somebody": _("somebody"),
    "director.cell": _("Operations director"),
    "director.prefect": _("The prefect directs"),
    "briefing.next": _("Next briefing, {time}"),
    "briefing.none": _("No briefing planned"),
    "briefing.late": _("late {time}"),
    "room.live": _("Up to date"),
    "room.heard": _("Last heard {age}"),
}
_MAP = {
    "layer.zones": _("Zones"),
    "layer.incidents": _("Incidents"),
    "layer.crews": _("Crews"),
    "layer.sites": _("Sites"),
    "zone.observed": _("seen at {time}"),
    "zone.foreseen": _("foreseen for {time}"),
    "zone.hectares": _("{n} ha"),
    "crew.accepted": _("accepted"),
    "crew.en_route": _("on the way"),
    "crew.on_site": _("on site"),
    "map.people": _("inhabitants"),
    "map.between": _("between {low} and {high}"),
    "map.estimate": _("estimated by each commune's share"),
    "map.sites": _("Sensitive sites inside"),
    "map.sites.none": _("None."),
    "map.zones": _("Zones drawn"),
}
_LINK = {
    "link.open": _("{n} without an answer"),
    "link.lent": _("{n} on loan"),
    "link.help": _("{name}: {phone}"),
    "way.sent": _("sent"),
    "way.received": _("received"),
    "way.draft": _("draft"),
    "way.public": _("public"),
    "via.prefecture": _("through the prefecture"),
    "via.organisation": _("through an organisation"),
    "via.intervention": _("as an intervention"),
    "request.granted": _("granted"),
    "request.refused": _("refused"),
    "request.withdrawn": _("withdrawn"),
    "request.enter": _("Enter the answer"),
    "message.draft": _("waits for approval"),
    "message.withdrawn": _("no longer holds"),
    "message.withdraw": _("Withdraw"),
    "message.edit": _("Edit"),
    "loan.by": _("{name}, agreed by {agreed}"),
    "loan.back": _("given back at {time}"),
    "loan.due": _("due back {time}"),
    "loan.out": _("not given back"),
    "loan.return": _("Given back"),
    "offer.accept": _("Accept the direction"),
    "offer.refuse": _("Refuse"),
    "report.title": _("Situation report no. {n}"),
    "report.approved": _("approved by {name} at {time}"),
    "report.draft": _("not approved yet"),
    "report.read": _("Read"),
    "report.edit": _("Go on writing"),
    "report.sent": _("sent to the prefecture, {time}"),
    "report.after": _("After-action report"),
    "report.drafting": _("Drafting from the record…"),
    "report.draft.words": _("Draft: several people may write; each section keeps its own versions."),
    "report.writing": _("Writing…"),
    "report.saved": _("Saved at {time}"),
    "report.by": _("{name}, {time}"),
    "report.conflict": _("{name} changed this section meanwhile:"),
    "report.keep.mine": _("Mine in its place"),
    "report.keep.both": _("Both, mine after it"),
    "report.take.theirs": _("Take theirs"),
    "report.approve": _("Approve in my name"),
    "report.approve.who": _("Somebody with the right approves it by name."),
    "report.send": _("Send to the prefecture"),
    "report.pdf": _("Open the PDF"),
    "request.title": _("Request for means"),
    "request.answered": _("answered: {answer}"),
    "request.waits": _("waits for an answer"),
    "transfer.title": _("Direction offered to {to}"),
    "transfer.prefect": _("the prefect"),
    "transfer.accepted": _("accepted at {time}"),
    "transfer.refused": _("refused at {time}"),
    "transfer.waits": _("waits for acceptance"),
}
_HELP = {
    "help.panes": _("Go to a pane"),
    "help.full": _("This pane alone, all of them again"),
    "help.write": _("Write a line"),
    "help.command": _("A command"),
    "help.decide": _("Decide"),
    "help.action": _("An action"),
    "help.level": _("Another level"),
    "help.extract": _("An extract of the record"),
    "help.escape": _("All panes again, leave the field, stop drawing"),
    "key.enter": pgettext_lazy("a key", "Enter"),
    "key.backspace": pgettext_lazy("a key", "Backspace"),
    "help.draw": _("Draw on the map: choose what, then Enter"),
    "help.cross": _("While drawing: move the cross (with Shift: finely)"),
    "help.cross.set": _("While drawing: set a point"),
    "help.cross.finish": _("While drawing: finish the area or line"),
    "help.cross.back": _("While drawing: take the last point back"),
    "help.cross.zoom": _("While drawing: closer, further"),
}


def room() -> Labels:
    """All labels by key: a text, or {"one": …, "other": …} where it follows a number. The desk's are among them."""
    levels = {f"level.{level}": level.label for level in Level}
    members = {f"member.{state}": state.label for state in MemberState}
    reliabilities = {f"reliability.{one}": one.label for one in Reliability}
    credibilities = {f"credibility.{one}": one.label for one in Credibility}
    kinds = {f"log.kind.{kind}": kind.label for kind in (LineKind.MESSAGE, LineKind.REQUEST)}
    kinds |= {f"zone.kind.{kind}": kind.label for kind in ZoneVersion.Kind}
    own = {
        **_LOG, **_COMMANDS, **_WORK, **_PEOPLE, **_HEAD, **_MAP, **_LINK, **_HELP, **MORE,
        **levels, **members, **reliabilities, **credibilities, **kinds,
    }  # fmt: skip
    return {**desk(), **{key: str(words) for key, words in own.items()}, **_counts()}


def room_with_link() -> Labels:
    """Those, and the words of the link's own pane."""
    return {**link_labels.page(), **room()}


def _counts() -> Labels:
    return {
        "log.count": counted(lambda n: ngettext("{n} line · nothing is erased", "{n} lines · nothing is erased", n)),
        "log.below": counted(lambda n: ngettext("{n} new line below", "{n} new lines below", n)),
        "say.lines": counted(lambda n: ngettext("{n} new line in the log", "{n} new lines in the log", n)),
        "outbox.count": counted(lambda n: ngettext("{n} not sent yet", "{n} not sent yet", n)),
        "count.decisions": counted(lambda n: ngettext("{n} decision", "{n} decisions", n)),
        "count.actions": counted(lambda n: ngettext("{n} open action", "{n} open actions", n)),
        "wall.open": counted(lambda n: ngettext("open incident", "open incidents", n)),
        "wall.crews": counted(lambda n: ngettext("crew at work", "crews at work", n)),
        "count.open": counted(lambda n: ngettext("{n} open", "{n} open", n)),
        "count.done": counted(lambda n: ngettext("{n} done", "{n} done", n)),
        "people.present": counted(lambda n: ngettext("{n} present", "{n} present", n)),
        "people.coming": counted(lambda n: ngettext("{n} coming", "{n} coming", n)),
        "people.called": counted(lambda n: ngettext("{n} called", "{n} called", n)),
        "count.follows": counted(lambda n: ngettext("{n} action", "{n} actions", n)),
        "since.lines": counted(lambda n: ngettext("{n} line", "{n} lines", n)),
        "since.decisions": counted(lambda n: ngettext("{n} decision", "{n} decisions", n)),
        "since.actions": counted(lambda n: ngettext("{n} action", "{n} actions", n)),
        "since.zones": counted(lambda n: ngettext("{n} zone", "{n} zones", n)),
        "since.reports": counted(lambda n: ngettext("{n} situation report", "{n} situation reports", n)),
        "people.required": counted(lambda n: ngettext("is required at this level", "are required at this level", n)),
        "writing": counted(lambda n: ngettext("{names} is writing…", "{names} are writing…", n)),
        "room.screens": counted(lambda n: ngettext("{n} person here", "{n} people here", n)),
    }


def commands() -> list[tuple[str, str]]:
    """The commands that the entry bar shows, in the reader's language."""
    keys = ("action", "decision", "message", "correct", "card", "report", "prefecture")
    return [(key, str(_COMMANDS[f"command.{key}"])) for key in keys]
