"""What the next shift has to know, to read: open and urgent, waiting, set aside, due by itself; and what other rooms add."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.selectors import Access
from incidents import selectors
from incidents.following import rota_names, words_of
from incidents.models import Escalation, EscalationState, Handover, Incident
from incidents.policies import PUBLISHED
from incidents.workflow import OPEN, Sensitivity, Status
from notifications.models import Alarm, Rota
from notifications.on_call import people_on_call
from territory.wording import placed

MOST = 200  # lines of one section; beyond it nobody reads
URGENT = ("P1", "P2")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section: an incident in a few words, or (without `id`) something else worth a line."""

    words: str
    place: str = ""
    note: str = ""
    id: UUID | None = None
    reference: str = ""
    priority: str = ""
    status: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """`key` is its anchor, `at` what its lines' times say."""

    key: str
    title: str
    lines: list[Line]
    at: str = ""
    empty: str = ""


Maker = Callable[[Access | None], Section | None]
_MORE: list[Maker] = []


def register(maker: Maker) -> None:
    """Have a higher room add its section (orders in force, cells open …), for somebody's eyes, or (None) for the record:
    then what everybody of the post may see, nothing restricted. None when it has nothing to say."""
    if maker not in _MORE:
        _MORE.append(maker)


def picture(access: Access) -> list[Section]:
    """Everything in somebody's sight, section by section."""
    return [*_sections(selectors.visible(access)), *_added(access), _on_call(), _alarms()]


def record_of() -> list[dict[str, Any]]:
    """What is kept with a hand-over: the same for everybody of the post, so nothing restricted is in it."""
    seen = Incident.objects.filter(audiences__contains=["post"], sensitivity=Sensitivity.NORMAL)
    return [asdict(section) for section in (*_sections(seen), *_added(None), _on_call(), _alarms())]


def _added(access: Access | None) -> list[Section]:
    return [section for section in (maker(access) for maker in _MORE) if section is not None]


def _sections(seen: "QuerySet[Incident]") -> list[Section]:
    opened = seen.filter(status__in=OPEN).select_related("category", "commune", "organisation", "assignee")
    urgent = opened.filter(priority__in=URGENT).order_by("priority", "declared_at")[:MOST]
    waiting = opened.filter(acknowledged_at=None).order_by("priority", "declared_at")[:MOST]
    return [
        Section(
            "urgent", _("Open, P1 and P2"), [_line(one, at=one.declared_at) for one in urgent], _("declared"),
            _("Nothing urgent is open."),
        ),
        Section(
            "waiting", _("Not acknowledged"), [_line(one, at=one.response_due) for one in waiting],
            _("to acknowledge before"), _("Everything has been acknowledged."),
        ),
        Section("snoozed", _("Sleeping"), _snoozed(opened), _("comes back"), _("Nothing is set aside.")),
        Section("due", _("What happens by itself"), _due(opened), _("when"), _("No step and no reminder is due.")),
    ]  # fmt: skip


def _line(one: Incident, *, at: datetime | None, note: str = "") -> Line:
    owner = one.assignee or one.organisation
    return Line(
        words=one.title or one.category.label,
        place=placed(one.address, one.commune.name),
        note=note or (owner.name if owner else ""),
        id=one.id,
        reference=one.reference,
        priority=one.priority,
        status=str(Status(one.status).label),
        at=at,
    )


def _snoozed(opened: "QuerySet[Incident]") -> list[Line]:
    asleep = opened.filter(escalation__state=EscalationState.SNOOZED).select_related("escalation__snoozed_by")
    return [
        _line(
            one,
            at=one.escalation.snoozed_until,
            note=_("%(name)s: %(words)s") % {"name": one.escalation.snoozed_by, "words": one.escalation.reason},
        )
        for one in asleep.order_by("escalation__snoozed_until")[:MOST]
    ]


def _due(opened: "QuerySet[Incident]") -> list[Line]:
    coming = opened.filter(escalation__due_at__isnull=False).exclude(escalation__state=EscalationState.SNOOZED)
    found = coming.select_related("escalation").order_by("escalation__due_at")[:MOST]
    PUBLISHED.all(one.escalation.version_id for one in found)
    rotas = rota_names()
    return [_line(one, at=one.escalation.due_at, note=_next(one.escalation, rotas)) for one in found]


def _next(one: Escalation, rotas: Mapping[str, str]) -> str:
    frozen = PUBLISHED[one.version_id]
    if one.state == EscalationState.RUNNING and one.done < len(frozen.steps):
        return words_of(frozen.steps[one.done], rotas)
    return _("comes back when nobody touches it")


def _on_call() -> Section:
    rotas = list(Rota.objects.filter(ended_at=None).order_by("name"))
    people = people_on_call(rotas) if rotas else {}
    lines = [Line(words=rota.name, note=_who(people.get(rota.id))) for rota in rotas]
    return Section("on-call", _("On call now"), lines, empty=_("There are no rotas."))


def _who(person: object | None) -> str:
    return str(person) if person is not None else _("nobody")


ALARMS = {
    "timers": gettext_lazy("timers not carried out"),
    "outbox": gettext_lazy("messages not sent"),
    "live": gettext_lazy("changes not shown"),
    "source": gettext_lazy("silent source"),
}


def _alarms() -> Section:
    standing = Alarm.objects.filter(cleared_at=None)
    lines = [
        Line(words=f"{ALARMS.get(one.key, one.key)} {one.of}".strip(), note=str(one.count), at=one.oldest)
        for one in standing
    ]
    return Section("alarms", _("Late in the house"), lines, _("since"), _("Nothing is late."))


def latest(limit: int = 20) -> Sequence[Handover]:
    """The last hand-overs, newest first."""
    return list(Handover.objects.select_related("left_by", "taken_by").order_by(F("left_at").desc())[:limit])
