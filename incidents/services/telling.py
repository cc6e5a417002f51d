"""Whom a step of an escalation tells, and in which words."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import Person
from access.roles import Role
from access.selectors import accesses_of
from incidents.calendars import LOCAL
from incidents.models import Incident
from incidents.permissions import Permission
from incidents.workflow import Priority, Sensitivity
from notifications.models import Rota, Urgency
from notifications.on_call import on_call
from notifications.services import notify

KIND = "incidents.escalation"
HANDED_OVER = "incidents.handed_over"
LEADERS = (Role.INTERVENTION_COORDINATOR, Role.CRISIS_DIRECTOR)
_URGENT = frozenset({Priority.P1, Priority.P2})


def holders(incident: Incident, *, role: str = "", organisation: UUID | None = None) -> list[Person]:
    """Everybody whose duty in force is this role, or at this organisation, and who sees the incident. Two queries."""
    inside = Q(duties__valid_from__lte=Now()) & (Q(duties__valid_until=None) | Q(duties__valid_until__gt=Now()))
    if role:
        inside &= Q(duties__role=role)
    if organisation is not None:
        inside &= Q(duties__organisation=organisation)
    humans = Person.objects.filter(inside, kind=Person.Kind.HUMAN, is_active=True)
    return in_sight(incident, humans.distinct().order_by("login"))


def on_rota(incident: Incident, *, rota: str, at: datetime) -> list[Person]:
    """Whoever is on call in a rota, if they see the incident; nobody when there is no such rota."""
    found = on_call(rota=rota, at=at)
    return in_sight(incident, [found] if found else [])


def tell_on_call(incident: Incident, *, rota: str, key: str, vital: bool, now: datetime) -> list[UUID]:
    """Send it to whoever is on call. Of a rota that has ended, which only what began before can still name, to those
    who lead the post: silence would be nobody's decision. Who is told."""
    if Rota.objects.filter(key=rota, ended_at__isnull=False).exists():
        leaders = {one.id: one for role in LEADERS for one in holders(incident, role=role)}
        return tell(incident, leaders.values(), key=key, vital=vital, now=now)
    people = on_rota(incident, rota=rota, at=now)
    return tell(incident, people, key=key, vital=vital, now=now, rota=rota)


def in_sight(incident: Incident, people: Iterable[Person]) -> list[Person]:
    """Those of them who may see it: nobody is told of what they must not know of."""
    asked = list(people)
    return [one for one, access in zip(asked, accesses_of(asked), strict=True) if access.sees(incident.audiences)]


def tell(
    incident: Incident, people: Iterable[Person], *, key: str, vital: bool, now: datetime, rota: str = ""
) -> list[UUID]:
    """Send everybody the same in their own language; asked to acknowledge are those who may. Who is told."""
    urgency = Urgency.VITAL if vital else Urgency.URGENT if incident.priority in _URGENT else Urgency.NORMAL
    told: list[UUID] = []
    asked = list(people)
    alike: dict[tuple[str, bool], list[Person]] = {}
    for person, access in zip(asked, accesses_of(asked), strict=True):
        may = access.allows(Permission.ACKNOWLEDGE, incident.audiences)
        alike.setdefault((person.language, may), []).append(person)
    for (language, may), group in sorted(alike.items()):
        with override(language):
            subject, body = words(incident, now=now, handed_over=key.startswith(HANDED_OVER))
        sent = notify(
            to=group, subject=subject, body=body, urgency=urgency, key=key, about=incident.id,
            url=f"/?incident={incident.id}", ack=may, rota=rota,
        )  # fmt: skip
        told += [message.person_id for message in sent]
    return told


def words(incident: Incident, *, now: datetime, handed_over: bool) -> tuple[str, str]:
    """Subject and body; of a restricted incident its reference only, since a telephone may lie on a table."""
    about = {
        "priority": incident.priority,
        "reference": incident.reference,
        "minutes": int((now - incident.declared_at).total_seconds() // 60),
        "time": incident.declared_at.astimezone(LOCAL).strftime("%H:%M"),
        "name": _("restricted incident"),
        "place": "",
    }
    if incident.sensitivity == Sensitivity.NORMAL:
        about["name"] = incident.title or incident.category.label
        about["place"] = ", ".join(filter(None, (incident.address, incident.commune.name)))
    if handed_over:
        subject = _("%(priority)s handed over to you: %(name)s") % about
    else:
        subject = _("%(priority)s not taken up: %(name)s") % about
    body = _("%(reference)s, declared at %(time)s, %(minutes)d min ago. %(place)s") % about
    return subject, body.strip()
