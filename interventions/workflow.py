"""States of an intervention and what leads from one to the other, as plain data."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from interventions.permissions import Permission
from journal.errors import WrongState


class Status(models.TextChoices):
    PROPOSED = "proposed", _("To dispatch")
    ASSIGNED = "assigned", _("Assigned")
    ACCEPTED = "accepted", _("Accepted")
    EN_ROUTE = "en_route", _("On the way")
    ON_SITE = "on_site", _("On site")
    DONE = "done", _("Done")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class PauseReason(models.TextChoices):
    """Why the clocks stand still: not the crew's doing."""

    ACCESS = "access", _("waiting for access")
    WEATHER = "weather", _("weather")
    POLICE = "police", _("waiting for the police")
    OTHER_NETWORK = "other_network", _("waiting for another network's operator")
    PARTS = "parts", _("waiting for parts")


class ShiftKind(models.TextChoices):
    PLANNED = "planned", _("on shift")
    ON_CALL = "on_call", _("on call")
    ABSENT = "absent", _("absent")


_S = Status
WAITING = (_S.PROPOSED, _S.REFUSED)  # no crew has it
HELD = (_S.ASSIGNED, _S.ACCEPTED, _S.EN_ROUTE, _S.ON_SITE)  # a crew's slot is taken
OPEN = (*WAITING, *HELD)
UNDER_WAY = (_S.EN_ROUTE, _S.ON_SITE)


@dataclass(frozen=True, slots=True)
class Move:
    """An act: from which states, with which permission, and to which state (None: it stays)."""

    permission: Permission
    sources: tuple[Status, ...]
    target: Status | None = None


_P = Permission
_WITH_CREW = (_S.ACCEPTED, *UNDER_WAY)
MOVES: dict[str, Move] = {
    "edit": Move(_P.PLAN, OPEN),
    "assign": Move(_P.DISPATCH, (_S.PROPOSED, _S.REFUSED, _S.ASSIGNED, _S.ACCEPTED), _S.ASSIGNED),
    "unassign": Move(_P.DISPATCH, (_S.ASSIGNED, _S.ACCEPTED), _S.PROPOSED),
    "accept": Move(_P.WORK, (_S.ASSIGNED,), _S.ACCEPTED),
    "refuse": Move(_P.WORK, (_S.ASSIGNED, _S.ACCEPTED), _S.REFUSED),
    "depart": Move(_P.WORK, (_S.ACCEPTED,), _S.EN_ROUTE),
    "arrive": Move(_P.WORK, (_S.ACCEPTED, _S.EN_ROUTE), _S.ON_SITE),
    "finish": Move(_P.WORK, (_S.ON_SITE,), _S.DONE),
    "fail": Move(_P.WORK, UNDER_WAY, _S.FAILED),
    "verify": Move(_P.VERIFY, (_S.DONE,), _S.VERIFIED),
    "reopen": Move(_P.VERIFY, (_S.DONE, _S.FAILED), _S.PROPOSED),
    "cancel": Move(_P.PLAN, OPEN, _S.CANCELLED),
    "pause": Move(_P.PLAN, OPEN),
    "resume": Move(_P.PLAN, OPEN),
    "hold": Move(_P.WORK, _WITH_CREW),  # the crew's own pause and resume
    "release": Move(_P.WORK, _WITH_CREW),
    "tick": Move(_P.WORK, _WITH_CREW),
    "note": Move(_P.WORK, (*_WITH_CREW, _S.DONE)),
    "photo": Move(_P.WORK, (*_WITH_CREW, _S.DONE)),
    "material": Move(_P.WORK, (*_WITH_CREW, _S.DONE)),
    "check_in": Move(_P.WORK, UNDER_WAY),
}


class HasStatus(Protocol):
    status: str


def check(thing: HasStatus, act: str) -> Move:
    """The move that `act` is. Raises WrongState when it does not start from the present state."""
    move = MOVES[act]
    if thing.status not in move.sources:
        raise WrongState(act=act, status=thing.status, allowed_from=[str(state) for state in move.sources])
    return move


def possible(status: str) -> tuple[str, ...]:
    """The acts that start from this state, rights aside."""
    return tuple(act for act, move in MOVES.items() if status in move.sources)


class Lateness(StrEnum):
    """How a clock stands."""

    FINE = "fine"
    SOON = "soon"
    LATE = "late"
    STOPPED = "stopped"


SOON = timedelta(minutes=15)
SOON_SHARE = 0.2  # of the whole time allowed


def lateness(*, now: datetime, start: datetime, due: datetime | None, met: datetime | None, paused: bool) -> Lateness:
    """Late when the due time has passed before it was met; soon in its last 15 minutes or last fifth, whichever is
    longer; stopped while paused."""
    if due is None or (met is not None and met <= due):
        return Lateness.FINE
    if met is not None or (now > due and not paused):
        return Lateness.LATE
    if paused:
        return Lateness.STOPPED
    return Lateness.SOON if due - now <= max(SOON, (due - start) * SOON_SHARE) else Lateness.FINE
