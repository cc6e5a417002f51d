"""What happens when. Each runs inside the transaction of the act, with the incident locked."""

from django.utils.translation import gettext as _

from access.models import Person
from incidents import events
from incidents.models import Incident
from incidents.policies import PUBLISHED
from incidents.services import escalating, handling, proceeding, stepping, telling
from incidents.services.acting import clock
from incidents.services.telling import HANDED_OVER, KIND
from incidents.workflow import OPEN
from journal.reactions import on
from journal.services import Note, Record
from notifications import acks, needs
from notifications.models import Message, Rota, Urgency

__all__ = ["stepping"]  # importing it registers the timer


def taken_up(event: events.IncidentEvent, note: Note, record: Record) -> None:
    """Somebody has it: its steps stop, a snooze is over."""
    if note.by is not None:  # the house's own assigning is a step, nobody has seen anything yet
        escalating.take(event.row.id, status=event.row.status)


def under_way_or_over(event: events.IncidentEvent, note: Note, record: Record) -> None:
    """Work has begun, or there is nothing left to do: the targets watch over the rest."""
    escalating.end(event.row.id)


TAKEN_UP: tuple[type[events.IncidentEvent], ...] = (
    events.Acknowledged,
    events.Qualified,
    events.Assigned,
    events.Reopened,
)
OVER: tuple[type[events.IncidentEvent], ...] = (
    events.Started,
    events.Resolved,
    events.Closed,
    events.Cancelled,
    events.Merged,
)
for happened in TAKEN_UP:
    on(happened)(taken_up)
for happened in OVER:
    on(happened)(under_way_or_over)


@on(events.Unmerged)
def apart_again(event: events.Unmerged, note: Note, record: Record) -> None:
    """It stands by itself again; when nobody had taken it up, somebody has to."""
    if event.row.acknowledged_at is None and event.row.status in OPEN:
        incident = Incident.objects.select_related("category", "organisation", "assignee").get(id=event.row.id)
        escalating.restart(incident, record)


@on(events.Qualified)
def another_kind(event: events.Qualified, note: Note, record: Record) -> None:
    """It turned out to be something else: that has procedures of its own."""
    if event.category_before != event.row.category:
        proceeding.follow_anew(event.row.id, record)


def still_waits(message: Message) -> bool:
    """Nobody has taken the incident up, and it is not over: somebody is still to be told."""
    waiting = Incident.objects.filter(status__in=OPEN, acknowledged_at=None)
    return message.about is not None and waiting.filter(id=message.about).exists()


def to_the_next_shift(message: Message) -> None:
    """Whoever was on call no longer is, before a word has left or been answered: the next one hears of it, as far as
    they may see it."""
    if message.about is None:
        return
    incident = Incident.objects.select_related("category", "commune").get(id=message.about)
    vital = message.urgency == Urgency.VITAL
    telling.tell_on_call(incident, rota=message.rota, key=message.key, vital=vital, now=clock())


@needs.on
def policies_in_force(rota: Rota) -> list[str]:
    """What would call a rota from now on keeps it from ending. What is frozen into incidents that run already does not,
    since that could be for weeks: such a step tells those who lead the post instead."""
    known = PUBLISHED.all(escalating.current_versions()).values()
    named = [one.name for one in known if any(step.calls(rota.key) for step in one.steps)]
    if not named:
        return []
    names = ", ".join(_("“%(name)s”") % {"name": name} for name in sorted(named))
    return [
        _("Still called by escalation policies in force: %(names)s. Change them first (Administration).")
        % {"names": names}
    ]


@acks.on(
    KIND, says=lambda message: _("Acknowledges the incident: its escalation stops, and it is yours to handle."),
    wanted=still_waits, pass_on=to_the_next_shift,
)  # fmt: skip
@acks.on(
    HANDED_OVER, says=lambda message: _("Acknowledges the incident that was handed over to you."), wanted=still_waits
)
def acknowledged_from_afar(message: Message, by: Person) -> None:
    """By text message, link or screen: the same as the button. What was taken up or is over stays as it is."""
    if message.about is None:
        return
    known = Incident.objects.filter(id=message.about).values_list("acknowledged_at", "status").first()
    if known is not None and known[0] is None and known[1] in OPEN:
        handling.acknowledge(incident_id=message.about, by=by)
