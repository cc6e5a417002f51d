"""Words of the house's own alarms; keys are read by static/js, {names} are filled in there."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ALARMS: dict[str, Any] = {
    "alarm.title": _("Late in the house"),
    "alarm.timers": _(
        "{n} due and not carried out: escalations and reminders are late. Look at what is open yourself."
    ),
    "alarm.outbox": _("{n} messages wait to be sent: telephone whoever has to know."),
    "alarm.live": _("{n} changes have not reached the screens: reload to be up to date."),
    "alarm.source": _("Silent: {of}."),
    "alarm.other": _("{n} late: {of}."),
    "alarm.since": _("first {time}"),
    "alarm.unwatched": _("Nobody watches over the house itself: the auditor is silent."),
}
