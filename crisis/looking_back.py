"""First words of the after-action report, and the figures of a crisis, from the record alone."""

from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crisis.drafting import Section, clock, written
from crisis.folding import State


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Minutes from the first incident's declaration (or the opening) to the opening, and from it to the first decision
    and the first report; None: there was none."""

    lines: int
    corrected: int
    decisions: int
    checked: int
    achieved: int
    actions: int
    late: int
    dropped: int
    people: int
    reports: int
    minutes_open: int
    minutes_to_first_decision: int | None
    minutes_to_first_report: int | None


def figures(now: State, at: datetime) -> Figures:
    """What the record says of how it went. The opening's own level is no decision of the register."""
    cell, lines = now["cell"], now["lines"].values()
    opened = datetime.fromisoformat(cell["opened_at"])
    ended = datetime.fromisoformat(cell["closed_at"]) if cell["closed_at"] else at
    decisions, actions = list(now["decisions"].values()), list(now["actions"].values())
    approved = [
        one["approved_at"] for one in now["reports"].values() if one["approved_at"] and one["kind"] == "situation"
    ]
    return Figures(
        lines=len(lines),
        corrected=sum(line["supersedes"] is not None for line in lines),
        decisions=len(decisions),
        checked=sum(one["checked_at"] is not None for one in decisions),
        achieved=sum(one["achieved"] is True for one in decisions),
        actions=len(actions),
        late=sum(_was_late(one, at) for one in actions),
        dropped=sum(one["state"] == "dropped" for one in actions),
        people=len({one["person"] or one["name"] for one in now["members"].values()}),
        reports=len(approved),
        minutes_open=_minutes(opened, ended),
        minutes_to_first_decision=_first(opened, [one["at"] for one in decisions]),
        minutes_to_first_report=_first(opened, approved),
    )


def _was_late(action: dict[str, Any], at: datetime) -> bool:
    if not action["due_at"]:
        return False
    ended = datetime.fromisoformat(action["ended_at"]) if action["ended_at"] else at
    return datetime.fromisoformat(action["due_at"]) < ended


def _minutes(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds() // 60)


def _first(opened: datetime, times: list[str]) -> int | None:
    return _minutes(opened, min(datetime.fromisoformat(one) for one in times)) if times else None


def after_action(now: State, at: datetime) -> list[Section]:
    """The sections of an after-action report; the last three are for people to fill."""
    found = figures(now, at)
    return written(
        (
            ("summary", gettext_noop("Summary"), lambda: _summary(now, found)),
            ("figures", gettext_noop("Figures"), lambda: _figures(found)),
            ("levels", gettext_noop("Levels"), lambda: _of_kind(now, "level", "opening", "closing")),
            (
                "decisions",
                gettext_noop("Decisions and their outcome"),
                lambda: map(_outcome, now["decisions"].values()),
            ),
            ("late", gettext_noop("Late actions"), lambda: _late(now, at)),
            ("corrections", gettext_noop("Corrections in the log"), lambda: _corrections(now)),
            ("worked", gettext_noop("What worked"), lambda: ()),
            ("improve", gettext_noop("What to improve"), lambda: ()),
            ("proposals", gettext_noop("Proposals, with owner and date"), lambda: ()),
        )
    )


def _summary(now: State, found: Figures) -> list[str]:
    cell = now["cell"]
    told = {"title": cell["title"], "opened": clock(cell["opened_at"]), "closed": clock(cell["closed_at"])}
    return [
        _("%(title)s: from %(opened)s to %(closed)s.") % told,
        _("%(people)s people took part, %(lines)s lines were written.") % msgspec.structs.asdict(found),
    ]


def _figures(found: Figures) -> list[str]:
    none = _("none")
    told = {name: none if value is None else value for name, value in msgspec.structs.asdict(found).items()}
    return [
        _("First decision after %(minutes_to_first_decision)s min, first report after %(minutes_to_first_report)s min.") % told,
        _("Decisions: %(decisions)s, outcome checked: %(checked)s, achieved: %(achieved)s.") % told,
        _("Actions: %(actions)s, late: %(late)s, dropped: %(dropped)s.") % told,
        _("Lines: %(lines)s, corrections: %(corrected)s. Situation reports: %(reports)s.") % told,
    ]  # fmt: skip


def _of_kind(now: State, *kinds: str) -> list[str]:
    lines = sorted(now["lines"].values(), key=lambda line: line["number"])
    return [f"{clock(line['occurred_at'])} · {line['text']}" for line in lines if line["kind"] in kinds]


def _outcome(decision: dict[str, Any]) -> str:
    words = {True: _("achieved"), False: _("not achieved"), None: _("not checked")}
    outcome = f" {decision['outcome']}" if decision["outcome"] else ""
    return f"{decision['reference']} · {decision['what']}: {words[decision['achieved']]}.{outcome}"


def _late(now: State, at: datetime) -> list[str]:
    return [
        f"{one['reference']} · {one['text']}: {clock(one['due_at'])} → {clock(one['ended_at']) or '…'}"
        for one in now["actions"].values()
        if _was_late(one, at)
    ]


def _corrections(now: State) -> list[str]:
    found = [line for line in now["lines"].values() if line["supersedes"]]
    return [f"{line['supersedes']} → {line['number']} · {line['text']}" for line in found]
