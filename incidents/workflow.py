"""States and allowed transitions, as plain data."""

from dataclasses import dataclass
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.permissions import Permission
from journal.errors import WrongState


class Status(models.TextChoices):
    DECLARED = "declared", _("Declared")
    QUALIFIED = "qualified", _("Qualified")
    IN_PROGRESS = "in_progress", _("In progress")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    MERGED = "merged", _("Merged")


class Priority(models.TextChoices):
    P1 = "P1", _("P1 vital")
    P2 = "P2", _("P2 urgent")
    P3 = "P3", _("P3 normal")
    P4 = "P4", _("P4 can wait")


class Sensitivity(models.TextChoices):
    NORMAL = "normal", _("Normal")
    RESTRICTED = "restricted", _("Restricted")


class Source(models.TextChoices):
    PHONE = "phone", _("phone")
    OPERATOR = "operator", _("operator")
    VIDEO = "video", _("video")
    CITIZEN = "citizen", _("citizen")
    SENSOR = "sensor", _("sensor")
    BUILDING_ALARM = "building_alarm", _("building alarm")
    CREW = "crew", _("crew")
    COMMUNE = "commune", _("commune")
    TRANSIT = "transit", _("transit")
    PREFECTURE = "prefecture", _("prefecture")
    WEATHER = "weather", _("weather")


OPEN = (Status.DECLARED, Status.QUALIFIED, Status.IN_PROGRESS)
_S = Status


@dataclass(frozen=True, slots=True)
class Move:
    """An act: from which states, with which permission, and to which state (None: it stays)."""

    permission: Permission
    sources: tuple[Status, ...]
    target: Status | None = None


MOVES: dict[str, Move] = {
    "report": Move(Permission.REPORT, OPEN),
    "acknowledge": Move(Permission.ACKNOWLEDGE, OPEN),
    "qualify": Move(Permission.QUALIFY, OPEN),
    "edit": Move(Permission.EDIT, OPEN),
    "assign": Move(Permission.ASSIGN, (_S.QUALIFIED, _S.IN_PROGRESS)),
    "start": Move(Permission.WORK, (_S.QUALIFIED,), _S.IN_PROGRESS),
    "resolve": Move(Permission.WORK, (_S.QUALIFIED, _S.IN_PROGRESS), _S.RESOLVED),
    "close": Move(Permission.CLOSE, (_S.RESOLVED,), _S.CLOSED),
    "cancel": Move(Permission.CANCEL, OPEN, _S.CANCELLED),
    "reopen": Move(Permission.REOPEN, (_S.RESOLVED, _S.CLOSED), _S.QUALIFIED),
    "move": Move(Permission.MOVE, OPEN),
    "merge": Move(Permission.MERGE, OPEN, _S.MERGED),
    "unmerge": Move(Permission.MERGE, (_S.MERGED,)),
    "restrict": Move(Permission.RESTRICT, tuple(Status)),
    "unrestrict": Move(Permission.RESTRICT, tuple(Status)),
    "name_people": Move(Permission.RESTRICT, tuple(Status)),
    "snooze": Move(Permission.SNOOZE, OPEN),
    "hand_over": Move(Permission.HAND_OVER, OPEN),
    "tick": Move(Permission.FOLLOW_PROCEDURE, (*OPEN, _S.RESOLVED)),
    "comment": Move(Permission.COMMENT, tuple(Status)),
    "attach": Move(Permission.ATTACH, tuple(Status)),
    "watch": Move(Permission.WATCH, tuple(Status)),
}


class HasStatus(Protocol):
    status: str


def check(thing: HasStatus, act: str) -> Move:
    """The move that `act` is. Raises WrongState when it does not start from the present state."""
    move = MOVES[act]
    if thing.status not in move.sources:
        allowed = [str(state) for state in move.sources]
        raise WrongState(act=act, status=thing.status, allowed_from=allowed)
    return move


def apply(thing: HasStatus, move: Move) -> None:
    if move.target is not None:
        thing.status = move.target


def possible(status: str) -> tuple[str, ...]:
    """The acts that start from this state, rights aside."""
    return tuple(act for act, move in MOVES.items() if status in move.sources)
