"""Every word that the link's scripts show, in the reader's language; {names} are filled in there."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from prefecture.models import Criterion, Instruction, LinkState, State
from prefecture.wire.kinds import Kind

KINDS = {
    Kind.CRISIS_ACTIVATION: _("Crisis activation"),
    Kind.LEVEL_CHANGE: _("Level change"),
    Kind.SITUATION_REPORT: _("Situation report"),
    Kind.INCIDENT_REPORT: _("Report of an event"),
    Kind.MEASURE_TAKEN: _("Measure taken"),
    Kind.RESOURCE_REQUEST: _("Resource request"),
    Kind.PUBLIC_ALERT_REQUEST: _("Public alert request"),
    Kind.CLOSURE: _("Closure"),
    Kind.COD_ACTIVATION: _("COD activation"),
    Kind.DIRECTION_TRANSFER: _("Transfer of direction"),
    Kind.INSTRUCTION: _("Instruction"),
    Kind.SITUATION_REQUEST: _("Situation request"),
    Kind.RESOURCE_RESPONSE: _("Resource response"),
    Kind.RELAYED_ALERT: _("Relayed alert"),
}
_LINK = {
    "pref.link.up": _("Link open"),
    "pref.link.slow": _("Link slow"),
    "pref.link.down": _("Link cut"),
    "pref.link.off": _("Link not set up"),
    "pref.link.unknown": _("Link not tried yet"),
    "pref.link.stale": _("Link unknown"),
    "pref.since": _("since {time}"),
    "pref.tested": _("test at {time}, {seconds} s"),
    "pref.tested.failed": _("last try at {time}"),
    "pref.phone": _("phone {phone}"),
    "pref.waiting": _("{n} waiting to leave since {time}"),
    "pref.down.words": _(
        "Not delivered since {time}. Messages are kept in order and leave by themselves; call {phone}."
    ),
    "pref.same": _("Ledgers compared at {time}: identical"),
    "pref.differ": _("Ledgers compared at {time}: {n} differences, being mended"),
}
_THREAD = {
    "pref.general": _("Outside any crisis"),
    "pref.all": _("Everything"),
    "pref.none": _("Nothing has been said yet"),
    "pref.none.words": _("What leaves for the prefecture and what comes from it appears here by itself."),
    "pref.out": pgettext_lazy("a message", "sent"),
    "pref.in": pgettext_lazy("a message", "received"),
    "pref.step.received": pgettext_lazy("a message", "received"),
    "pref.step.integrated": pgettext_lazy("a message", "integrated"),
    "pref.step.read": pgettext_lazy("a message", "read"),
    "pref.by": _("by {name}"),
    "pref.alarm.not_integrated": _("Not taken up after 60 s: call {phone}."),
    "pref.alarm.not_read": _("Not read after {n} min: call {phone}."),
    "pref.alarm.replaced": _("Sent again as a new message."),
    "pref.next": _("next try {time}, {n} so far"),
    "pref.read": _("I have read it"),
    "pref.again": _("Send again"),
    "pref.answer": pgettext_lazy("a message", "Answer"),
    "pref.proof": _("Proof"),
    "pref.proof.sha": _("SHA-256 of the bytes"),
    "pref.proof.signature": _("Signed with"),
    "pref.proof.receipt": _("Receipt"),
    "pref.proof.body": _("What travelled"),
    "pref.close": pgettext_lazy("a dialog", "Close"),
    "pref.unread": _("{n} to read"),
    "pref.overdue": _("{n} overdue"),
    "pref.unreached": _("The prefecture’s side gave no valid answer"),
    "pref.whole": _("whole text"),
    "pref.write": _("Write"),
}
_SIDE = {
    "pref.before": _("before {time}"),
    "pref.late": _("late since {time}"),
    "pref.done": pgettext_lazy("an instruction", "Carried out"),
    "pref.done.at": _("carried out at {time}"),
    "pref.cancelled": pgettext_lazy("an instruction", "withdrawn"),
    "pref.in.cell": _("an action of the cell"),
    "pref.no.instructions": _("No instruction to carry out."),
    "pref.no.drafts": _("No report waits for approval."),
    "pref.approve": _("Approve and send"),
    "pref.dismiss": _("Not needed"),
    "pref.why": _("Why not"),
    "pref.lost": _("Not delivered"),
    "pref.title": _("Title"),
    "pref.text": _("Text"),
    "pref.kind": _("Kind"),
    "pref.what": _("What is needed"),
    "pref.quantity": _("How many"),
    "pref.place": _("Where to"),
    "pref.number": _("Number"),
    "pref.send": _("Send to the prefecture"),
    "pref.give.up": _("Give up"),
    "pref.sending": _("Sending…"),
    "pref.gone": _("In the outbox; it leaves at once when the link is open."),
    "pref.said.read": _("The prefecture is told that it was read."),
    "pref.said.done": _("Instruction carried out."),
    "pref.said.approved": _("Report approved and on its way."),
    "pref.said.dismissed": _("Draft dismissed."),
    "pref.said.again": _("On its way again."),
    "pref.conflict": _("Somebody decided meanwhile; the page shows how it is now."),
    "pref.needed": _("Needed."),
    "pref.instruction.came": _("Instruction of the prefecture: {title}"),
    "pref.message.came": _("From the prefecture: {title}"),
    "pref.cut": _("The link with the prefecture is cut. Messages are kept; call {phone}."),
    "pref.said.not_integrated": _("{title}: not taken up by the prefecture after 60 s. Call {phone}."),
    "pref.said.not_read": _("{title}: nobody at the prefecture has read it. Call {phone}."),
}
_ALERT = {
    "pref.alert.headline": _("Headline"),
    "pref.alert.text": _("What happens"),
    "pref.alert.instruction": _("What to do"),
    "pref.alert.area": _("Where"),
    "pref.alert.everywhere": _("The whole metropolis"),
    "pref.alert.severity": _("How grave"),
    "pref.alert.severity.Extreme": _("Extraordinary threat to life"),
    "pref.alert.severity.Severe": _("Serious threat"),
    "pref.alert.severity.Moderate": _("Possible threat"),
    "pref.alert.severity.Minor": _("Little threat"),
    "pref.alert.response": _("People should"),
    "pref.alert.response.Monitor": _("keep themselves informed"),
    "pref.alert.response.Avoid": _("avoid the place"),
    "pref.alert.response.Shelter": _("take shelter where they are"),
    "pref.alert.response.Evacuate": _("leave the place"),
    "pref.alert.response.Prepare": _("prepare themselves"),
    "pref.alert.response.AllClear": _("go back to normal: it is over"),
    "pref.alert.hours": _("For how many hours"),
    "pref.alert.grounds": _("Why, for the prefecture"),
}
_COMMON = {
    "problem.network": _(
        "The server cannot be reached. What you typed is kept; send it again when the connection is back."
    ),
    "problem.login": _("You are logged out. Log in again in another tab, then send again: what you typed is kept."),
    "problem.unknown": _("It did not work. Nothing was changed."),
    "help.title": _("Keyboard"),
    "help.talks": _("Next, previous conversation"),
    "help.write": _("Write to the prefecture"),
    "help.help": _("This page"),
    "help.escape": _("Close the form"),
    "help.letters": _("Single-letter keys are on"),
    "help.close": pgettext_lazy("a dialog", "Close"),
    "ago.now": _("just now"),
    "ago.minutes": _("{n} min ago"),
    "ago.hours": _("{h} h {m} ago"),
    "ago.days": _("{n} d ago"),
    "span.hours": _("{h} h {m}"),
    "span.days": _("{n} d"),
    "when.tomorrow": _("tomorrow {time}"),
    "when.yesterday": _("yesterday {time}"),
    "when.day": _("{day}, {time}"),
    "link.connecting": _("Connecting"),
    "link.live": _("Live, up to date"),
    "link.polling": _("No live channel: checked every 4 s"),
    "link.lost": _("Connection lost"),
    "link.out": _("Logged out"),
}


def page(*, thresholds: bool = True) -> dict[str, Any]:
    """All labels by key; `thresholds`: with the names of the criteria, one query."""
    states = {f"pref.state.{state}": state.label for state in State}
    statuses = {f"pref.status.{status}": status.label for status in Instruction.Status}
    links = {f"pref.state.link.{state}": state.label for state in LinkState}
    kinds = {f"pref.kind.{kind}": name for kind, name in KINDS.items()}
    names = {f"pref.criterion.{one.key}": one.label for one in Criterion.objects.all()} if thresholds else {}
    plain = {**_LINK, **_THREAD, **_SIDE, **_ALERT, **_COMMON, **states, **statuses, **links, **kinds, **names}
    counted = {"one": ngettext("{n} message", "{n} messages", 1), "other": ngettext("{n} message", "{n} messages", 2)}
    return {**{key: str(text) for key, text in plain.items()}, "pref.count": counted}
