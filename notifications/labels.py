"""Words of the house's own alarms; keys are read by static/js, {names} are filled in there."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ALARMS: dict[str, Any] = {
    "alarm.timers": _("Escalations and reminders are late ({n}). Go through what is open yourself."),
    "alarm.outbox": _("Messages wait to be sent ({n}). Telephone whoever has to know."),
    "alarm.live": _("Changes have not reached the screens ({n}). Reload to be up to date."),
    "alarm.source": _("Silent: {of}."),
    "alarm.other": _("Late: {of} ({n})."),
    "alarm.hide": _("Hide until something changes"),
    "alarm.since": _("first {time}"),
    "alarm.unwatched": _("Nobody watches over the house itself: the auditor is silent."),
}
