"""First words of a situation report, from the record alone: what stands now, and what is new since the last one.

Plain text in the post's own language, a line for each thing; people edit it before it is approved.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from crisis.folding import State
from crisis.functions import Function
from crisis.workflow import OPEN_ACTIONS, Credibility, Level

LOCAL = timezone.get_default_timezone()
LINES = 25  # of the log in one section, the important ones first
_RANK = {"vital": 0, "important": 1, "normal": 2}


class Section(msgspec.Struct, frozen=True):
    key: str
    title: str
    text: str


def situation(now: State, fresh: State, at: datetime) -> list[Section]:
    """The sections of a situation report. `now`: all of the record; `fresh`: since the last report."""
    made: tuple[tuple[str, str, Callable[[], Iterable[str]]], ...] = (
        ("situation", gettext_noop("General situation"), lambda: _general(now, at)),
        ("events", gettext_noop("Main events since the last report"), lambda: _events(now, fresh)),
        ("people", gettext_noop("People and sensitive sites"), lambda: _zones(now)),
        ("decisions", gettext_noop("Decisions"), lambda: map(_decision, fresh["decisions"].values())),
        ("actions", gettext_noop("Actions"), lambda: _actions(now, fresh, at)),
        ("means", gettext_noop("Means"), lambda: _means(now)),
        ("outlook", gettext_noop("Outlook"), lambda: _foreseen(now)),
        ("next", gettext_noop("Next briefing"), lambda: [clock(now["cell"]["next_briefing_at"])]),
    )
    return written(made)


def written(made: Iterable[tuple[str, str, Callable[[], Iterable[str]]]]) -> list[Section]:
    """Titles and texts in the post's own language; nothing to say is said."""
    with override(settings.LANGUAGE_CODE):
        return [
            Section(key, _(title), "\n".join(filter(None, lines())) or _("Nothing to report."))
            for key, title, lines in made
        ]


def clock(text: str | None, *, dated: bool = False) -> str:
    """An instant of the record as people here read it: "25/11 14:30", `dated` with its year."""
    if not text:
        return ""
    at = datetime.fromisoformat(text).astimezone(LOCAL)
    return f"{at:%d/%m/%Y %H:%M}" if dated else f"{at:%d/%m %H:%M}"


def label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value else ""


def _general(now: State, at: datetime) -> list[str]:
    cell = now["cell"]
    since = {"level": label(Level, cell["level"]), "since": clock(cell["level_since"]), "by": cell["level_by"]["name"]}
    director = _("The prefect") if cell["direction"] == "prefect" else cell["director"]["name"]
    return [
        _("Level “%(level)s” since %(since)s, decided by %(by)s.") % since,
        _("Direction of operations: %(director)s.") % {"director": director},
        _("Cell opened on %(at)s.") % {"at": clock(cell["opened_at"])},
    ]


def _events(now: State, fresh: State) -> list[str]:
    """New lines written by hand, without those that a correction stands for; the most important, as they happened."""
    gone = {line["supersedes"] for line in now["lines"].values() if line["supersedes"]}
    lines = [line for line in fresh["lines"].values() if line["kind"] in ("information", "message", "request")]
    standing = [line for line in lines if line["number"] not in gone]
    chosen = sorted(standing, key=lambda line: (_RANK[line["importance"]], -line["number"]))[:LINES]
    return [_line(line) for line in sorted(chosen, key=_happened)]


def _happened(line: dict[str, Any]) -> tuple[datetime, int]:
    """What is entered late stands where it belongs in the course of events."""
    return datetime.fromisoformat(line["occurred_at"]), line["number"]


def _line(line: dict[str, Any]) -> str:
    doubt = "" if line["credibility"] <= Credibility.PROBABLE else " " + _("(to be verified)")
    return f"{clock(line['occurred_at'])} · {line['text']}{doubt}"


def _zones(now: State) -> list[str]:
    return [_zone(zone) for zone in now["zones"].values() if zone["inside"] and not zone["removed"]]


def _zone(zone: dict[str, Any]) -> str:
    people = zone["inside"]["people"]
    told = {
        "label": zone["label"],
        "hectares": f"{zone['inside']['hectares']:.0f}",
        "sites": len(zone["inside"]["sites"]),
    }
    told |= {"estimate": people["estimate"], "low": people["low"], "high": people["high"]}
    return _(
        "%(label)s: %(hectares)s ha, about %(estimate)s people (estimate, %(low)s to %(high)s), sensitive sites: %(sites)s."
    ) % told  # fmt: skip


def _decision(decision: dict[str, Any]) -> str:
    rejected = "; " + _("rejected: %(options)s") % {"options": decision["rejected"]} if decision["rejected"] else ""
    return f"{decision['reference']} · {decision['what']} ({decision['authority']}). {decision['grounds']}{rejected}"


def _actions(now: State, fresh: State, at: datetime) -> list[str]:
    waiting = [action for action in now["actions"].values() if action["state"] in OPEN_ACTIONS]
    done = [action for action in fresh["actions"].values() if action["state"] == "done"]
    head = _("%(open)s open, %(late)s late, %(done)s done since the last report.") % {
        "open": len(waiting),
        "late": sum(late(action, at) for action in waiting),
        "done": len(done),
    }
    return [head, *(_action(action, at) for action in waiting), *(f"✓ {action['text']}" for action in done)]


def late(action: dict[str, Any], at: datetime) -> bool:
    return bool(action["due_at"]) and datetime.fromisoformat(action["due_at"]) < at


def _action(action: dict[str, Any], at: datetime) -> str:
    owner = action["owner"]["name"] if action["owner"] else action["owner_name"]
    due = clock(action["due_at"])
    mark = _("LATE") + " · " if late(action, at) else ""
    parts = (label(Function, action["function"]), owner, due, action["progress"])
    return f"{mark}{action['reference']} · {action['text']} ({', '.join(filter(None, parts))})"


def _means(now: State) -> list[str]:
    lent = [
        _("Lent by %(lender)s: %(quantity)s × %(what)s") % {**loan, "lender": loan["lender"]["name"]}
        for loan in now["loans"].values()
        if not loan["returned_at"]
    ]
    states = {"asked": _("asked"), "granted": _("granted"), "refused": _("refused"), "withdrawn": _("withdrawn")}
    asked = [f"{one['quantity']} × {one['what']}: {states[one['state']]}" for one in now["requests"].values()]
    return [*lent, *asked]


def _foreseen(now: State) -> list[str]:
    zones = [zone for zone in now["zones"].values() if not zone["observed"] and not zone["removed"]]
    return [f"{zone['label']}, {clock(zone['dated_at'])}" for zone in zones]
