"""Levels, functions and states, as plain data; and what may follow what."""

from dataclasses import dataclass
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crisis.permissions import Right
from journal.errors import WrongState


class Level(models.TextChoices):
    STANDBY = "standby", _("Standby")
    WATCH = "watch", pgettext_lazy("level of a crisis", "Watch")
    PRE_ALERT = "pre_alert", _("Pre-alert")
    ALERT = "alert", _("Alert")
    CRISIS = "crisis", _("Crisis")
    RECOVERY = "recovery", _("Recovery")
    CLOSED = "closed", _("Closed")


class Direction(models.TextChoices):
    """Who directs operations: the cell's own director, or the prefect after a transfer."""

    CELL = "cell", _("The cell")
    PREFECT = "prefect", _("The prefect")


class MemberState(models.TextChoices):
    CALLED = "called", pgettext_lazy("somebody", "Called")
    COMING = "coming", _("Coming")
    PRESENT = "present", _("Present")
    REMOTE = "remote", _("Remote")
    DECLINED = "declined", _("Declined")
    LEFT = "left", _("Left")


class ActionState(models.TextChoices):
    TODO = "todo", _("To do")
    DOING = "doing", _("Under way")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class LineKind(models.TextChoices):
    """What a line of the log is about. All but the first three are written by the act itself."""

    INFORMATION = "information", _("Information")
    MESSAGE = "message", _("Message")
    REQUEST = "request", _("Request")
    OPENING = "opening", _("Opening")
    LEVEL = "level", _("Level")
    DECISION = "decision", _("Decision")
    ACTION = "action", _("Action")
    MEMBER = "member", _("Members")
    SITUATION = "situation", _("Situation")
    REPORT = "report", _("Situation report")
    CLOSING = "closing", _("Closing")


BY_HAND = (LineKind.INFORMATION, LineKind.MESSAGE, LineKind.REQUEST)


class Reliability(models.TextChoices):
    """Of the source (NATO STANAG 2511)."""

    A = "A", _("Completely reliable")
    B = "B", _("Usually reliable")
    C = "C", _("Fairly reliable")
    D = "D", _("Not usually reliable")
    E = "E", _("Unreliable")
    F = "F", _("Reliability cannot be judged")


class Credibility(models.IntegerChoices):
    """Of what it says (NATO STANAG 2511)."""

    CONFIRMED = 1, _("Confirmed")
    PROBABLE = 2, _("Probably true")
    POSSIBLE = 3, _("Possibly true")
    DOUBTFUL = 4, _("Doubtful")
    IMPROBABLE = 5, _("Improbable")
    UNJUDGED = 6, _("Truth cannot be judged")


class Importance(models.TextChoices):
    NORMAL = "normal", _("Normal")
    IMPORTANT = "important", _("Important")
    VITAL = "vital", _("Vital")


_L = Level
RUNNING = (_L.STANDBY, _L.WATCH, _L.PRE_ALERT, _L.ALERT, _L.CRISIS, _L.RECOVERY)
_RISING = (_L.WATCH, _L.PRE_ALERT, _L.ALERT, _L.CRISIS)
# An explosion starts at crisis, a river climbs step by step: a level may rise by any number of steps. Going down ends
# in recovery once operations were engaged; nothing but `close` leads to closed, and nothing leads out of it.
LEVELS: dict[str, tuple[Level, ...]] = {
    _L.STANDBY: _RISING,
    _L.WATCH: (_L.STANDBY, _L.PRE_ALERT, _L.ALERT, _L.CRISIS),
    _L.PRE_ALERT: (_L.STANDBY, _L.WATCH, _L.ALERT, _L.CRISIS, _L.RECOVERY),
    _L.ALERT: (_L.WATCH, _L.PRE_ALERT, _L.CRISIS, _L.RECOVERY),
    _L.CRISIS: (_L.ALERT, _L.RECOVERY),
    _L.RECOVERY: (_L.WATCH, _L.PRE_ALERT, _L.ALERT, _L.CRISIS),
    _L.CLOSED: (),
}
CLOSES_FROM = (_L.STANDBY, _L.WATCH, _L.RECOVERY)
OPENS_AT = (_L.STANDBY, *_RISING)
OPEN_ACTIONS = (ActionState.TODO, ActionState.DOING)
ANSWERS = (MemberState.COMING, MemberState.PRESENT, MemberState.REMOTE, MemberState.DECLINED, MemberState.LEFT)


@dataclass(frozen=True, slots=True)
class Act:
    """Something done in a cell: the right it needs there, and the levels at which it is possible."""

    right: Right
    levels: tuple[Level, ...] = RUNNING


ACTS: dict[str, Act] = {
    "answer": Act(Right.SEE),
    "log": Act(Right.LOG),
    "supersede": Act(Right.LOG),
    "attach": Act(Right.LOG),
    "act": Act(Right.LOG),
    "advance": Act(Right.LOG),
    "inject": Act(Right.LOG),
    "draw": Act(Right.LOG),
    "request": Act(Right.LOG),
    "draft": Act(Right.LOG, (*RUNNING, _L.CLOSED)),  # the after-action report is written afterwards
    "decide": Act(Right.DECIDE),
    "check": Act(Right.DECIDE),
    "level": Act(Right.DECIDE),
    "brief": Act(Right.DECIDE),
    "lend": Act(Right.DECIDE),
    "transfer": Act(Right.DECIDE),
    "link": Act(Right.LOG),
    "call": Act(Right.MEMBERS),
    "remove": Act(Right.MEMBERS),
    "invite": Act(Right.MEMBERS),
    "approve": Act(Right.APPROVE, (*RUNNING, _L.CLOSED)),
    "close": Act(Right.CLOSE, CLOSES_FROM),
}


class HasLevel(Protocol):
    level: str


def check(cell: HasLevel, act: str) -> None:
    """Raise WrongState when `act` is not possible at the cell's level."""
    levels = ACTS[act].levels
    if cell.level not in levels:
        raise WrongState(act=act, status=cell.level, allowed_from=[str(level) for level in levels])


def check_level(cell: HasLevel, to: str) -> None:
    """Raise WrongState when the cell cannot go to this level from where it is."""
    if to not in LEVELS[cell.level]:
        possible = [str(level) for level, onward in LEVELS.items() if to in onward]
        raise WrongState(act="level", status=cell.level, allowed_from=possible)


def possible(level: str) -> tuple[str, ...]:
    """The acts possible at this level, rights aside."""
    return tuple(act for act, found in ACTS.items() if level in found.levels)
