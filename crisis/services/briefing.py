"""The rhythm of briefings: when the next one is, and that everybody present is told."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from crisis.events import BriefingSet
from crisis.models import Cell, Member
from crisis.rows import cell_row
from crisis.services.acting import Change, acting, by_itself, in_post
from crisis.telling import tell
from crisis.workflow import MemberState
from journal.errors import Invalid
from notifications import timers
from notifications.models import Timer

TIMER = "crisis.briefing"
SHORTEST, LONGEST = 10, 24 * 60  # minutes


def set_briefing(
    *, cell_id: UUID, by: Person, every: int, next_at: datetime | None = None, version: int | None = None
) -> Cell:
    """Briefings every so many minutes (10 to 1,440), the next one at `next_at` or one interval from now."""
    with acting("brief", cell_id=cell_id, by=by, version=version) as change:
        if not SHORTEST <= every <= LONGEST:
            raise Invalid(errors={"every": [_("From ten minutes to a day.")]})
        if next_at is not None and (next_at.tzinfo is None or next_at <= change.now):
            raise Invalid(errors={"next_at": [_("A time still to come, with its zone.")]})
        change.cell.briefing_minutes = every
        set_next(change, next_at)
        return change.done(BriefingSet)


def set_next(change: Change, at: datetime | None = None) -> None:
    """Inside a change: the next briefing, one interval from now unless told."""
    cell = change.cell
    cell.next_briefing_at = at or change.now + timedelta(minutes=cell.briefing_minutes)
    cell.save(update_fields=["next_briefing_at"])
    timers.start(kind=TIMER, key=f"{TIMER}:{cell.id}", due_at=cell.next_briefing_at, about=cell.id)


def stop(change: Change) -> None:
    change.cell.next_briefing_at = None
    timers.cancel(key=f"{TIMER}:{change.cell.id}")


@timers.on(TIMER)
def briefing_is_due(timer: Timer) -> None:
    """It is time: those who take part are told, and the next one is set."""
    if timer.about is None:
        return
    with by_itself(timer.about) as change:
        cell = change.cell
        if cell.closed_at is not None or cell.next_briefing_at is None or cell.next_briefing_at > change.now:
            return
        at = cell.next_briefing_at
        there = (MemberState.PRESENT, MemberState.REMOTE)
        members = Member.objects.select_related("person").filter(cell=cell, ended_at=None, state__in=there)
        people = [member.person for member in members if member.person is not None]
        subject = in_post(gettext_noop("Briefing of %(title)s now"), title=cell.title)
        tell(
            people, cell=cell, subject=subject, body=subject, urgency="normal", key=f"{TIMER}:{cell.id}:{at:%Y%m%d%H%M}"
        )
        # The timer that fires may not be moved from within itself: its next turn has a name of its own.
        following = change.now + timedelta(minutes=cell.briefing_minutes)
        cell.next_briefing_at = following
        cell.version += 1
        cell.save(update_fields=["next_briefing_at", "version"])
        change.tell(BriefingSet(cell=cell_row(cell)))
        turn = "b" if timer.key.endswith(":a") else "a"
        timers.start(kind=TIMER, key=f"{TIMER}:{cell.id}:{turn}", due_at=following, about=cell.id)
