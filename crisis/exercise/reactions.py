"""What happens by itself: the scenario's clock."""

from contextlib import suppress

from crisis.exercise.services import TIMER, play_due
from journal.errors import NotFound, WrongState
from notifications import timers
from notifications.models import Timer


@timers.on(TIMER)
def the_next_inject_is_due(timer: Timer) -> None:
    """An exercise that was finished or paused meanwhile has nothing to play."""
    with suppress(NotFound, WrongState):
        if timer.about is not None:
            play_due(timer.about)
