"""Words that the facilitator's scripts show. Keys are read by static/js/exercise.js; {names} are filled in there."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crisis.exercise.workflow import Channel, Status

_WORDS = {
    "act.start": _("Start: T+0 is now"),
    "act.pause": _("Pause the clock"),
    "act.resume": _("Go on"),
    "act.finish": _("End the exercise"),
    "act.play": _("Play now"),
    "act.skip": _("Leave out"),
    "act.seen": _("Reaction seen"),
    "act.unseen": _("Not seen after all"),
    "act.note": _("Keep the remark"),
    "ask.finish": _("End the exercise? Nothing more will be played."),
    "inject.in": _("in {time}"),
    "inject.played": _("played at {time}"),
    "inject.skipped": _("left out"),
    "inject.next": pgettext_lazy("an inject of an exercise", "next"),
    "inject.waiting": pgettext_lazy("an inject of an exercise", "to come"),
    "inject.made": _("It became an incident by itself"),
    "inject.expected": _("Expected: {words}"),
    "inject.within": _("within {n} min"),
    "inject.seen": _("reaction seen after {time}"),
    "inject.remark": _("Remark for the evaluation"),
    "clock.stands": _("The clock stands"),
    "clock.runs": _("The clock runs"),
    "clock.over": _("The exercise is over"),
    "clock.ready": _("Not started yet"),
    "count.left": _("{n} to come"),
    "problem.network": _("The post does not answer. Nothing was changed; try again."),
    "problem.unknown": _("This did not work."),
    "problem.login": _("You are logged out. Log in again."),
    "problem.stale": _("Changed by someone else meanwhile"),
    "link.connecting": _("Connecting"),
    "link.live": _("Live, up to date"),
    "link.polling": _("No live channel: checked every 4 s"),
    "link.lost": _("Connection lost"),
    "link.out": _("Logged out"),
    "ago.now": _("just now"),
    "ago.minutes": _("{n} min ago"),
    "ago.hours": _("{h} h {m} ago"),
    "ago.days": _("{n} d ago"),
    "span.hours": _("{h} h {m}"),
    "span.days": _("{n} d"),
    "when.tomorrow": _("tomorrow {time}"),
    "when.yesterday": _("yesterday {time}"),
    "when.day": _("{day}, {time}"),
}


def facilitator() -> dict[str, Any]:
    states = {f"status.{status}": status.label for status in Status}
    channels = {f"channel.{channel}": channel.label for channel in Channel}
    return {key: str(words) for key, words in {**_WORDS, **states, **channels}.items()}
