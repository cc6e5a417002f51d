"""States of an exercise and what the facilitator may do in each, as plain data."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from journal.errors import WrongState


class Status(models.TextChoices):
    READY = "ready", _("Ready")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")


class Channel(models.TextChoices):
    """How an inject reaches the players."""

    PHONE = "phone", _("telephone")
    ALARM = "alarm", _("alarm")
    RUMOUR = "rumour", _("social media")
    PREFECTURE = "prefecture", _("prefecture")
    WEATHER = "weather", _("weather service")
    CREW = "crew", _("crew in the field")
    COMMUNE = "commune", _("commune")


@dataclass(frozen=True, slots=True)
class Move:
    sources: tuple[Status, ...]
    target: Status | None = None


_S = Status
_OPEN = (_S.RUNNING, _S.PAUSED)
MOVES: dict[str, Move] = {
    "start": Move((_S.READY,), _S.RUNNING),
    "pause": Move((_S.RUNNING,), _S.PAUSED),
    "resume": Move((_S.PAUSED,), _S.RUNNING),
    "jump": Move(_OPEN),
    "play": Move(_OPEN),
    "skip": Move((_S.READY, *_OPEN)),
    "observe": Move((*_OPEN, _S.FINISHED)),
    "finish": Move((_S.READY, *_OPEN), _S.FINISHED),
}


def check(status: str, act: str) -> Move:
    """The move that `act` is. Raises WrongState when it does not start from this state."""
    move = MOVES[act]
    if status not in move.sources:
        raise WrongState(act=act, status=status, allowed_from=[str(state) for state in move.sources])
    return move
