"""Who is on call now, at another time, and over a while. What other rooms ask."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from access.models import Duty, Person
from access.selectors import Access
from notifications.models import Layer, Override, Rota, Turn
from notifications.shifts import Interval, LayerPlan, RotaPlan, Span


def clock() -> datetime:
    """The database's time: the only one that decides."""
    with connection.cursor() as cursor:
        cursor.execute("select statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def visible(access: Access) -> QuerySet[Rota]:
    """The rotas in somebody's sight, those that have ended as well."""
    rotas = Rota.objects.select_related("organisation")
    if access.sees(("post", "administration", "audit")):
        return rotas
    mine = [UUID(one.split(":")[1]) for one in access.audiences if one.startswith("organisation:")]
    return rotas.filter(organisation__in=mine)


def lasting(access: Access, *, at: datetime | None = None) -> QuerySet[Rota]:
    """Those in sight that had not ended by an instant; by now, where none is told."""
    return visible(access).filter(Q(ended_at=None) | Q(ended_at__gt=at or Now()))


def on_call(*, rota: str, at: datetime | None = None) -> Person | None:
    """Who is on call for the rota of this key, now or at an instant; None when nobody is, or there is no such rota.
    Nobody is outside their duties, and nobody who is disabled."""
    found = Rota.objects.filter(key=rota).first()
    return people_on_call([found], at=at)[found.id] if found else None


def people_on_call(rotas: Sequence[Rota], *, at: datetime | None = None) -> dict[UUID, Person | None]:
    """The same for several rotas, by their id: a handful of queries."""
    instant = at or clock()
    ids = {rota: plan.at(instant) for rota, plan in plans(rotas, since=instant, until=instant).items()}
    people = Person.objects.select_related("organisation").in_bulk([one for one in ids.values() if one])
    return {rota: people.get(one) if one else None for rota, one in ids.items()}


def is_on_call(person: Person, *, at: datetime) -> bool:
    """Whether somebody is on call for anything at an instant."""
    mine = Q(layers__turns__person=person) | Q(overrides__person=person, overrides__ends_at__gt=at)
    rotas = list(Rota.objects.filter(mine).distinct())
    return any(plan.at(at) == person.id for plan in plans(rotas, since=at, until=at).values()) if rotas else False


def plans(rotas: Iterable[Rota], *, since: datetime, until: datetime) -> dict[UUID, RotaPlan]:
    """All that decides between two instants, by rota: four queries."""
    ids = [rota.id for rota in rotas]
    layers = Layer.objects.filter(Q(in_force_until=None) | Q(in_force_until__gt=since), rota__in=ids)
    layers = layers.filter(in_force_from__lte=until)
    overrides = Override.objects.filter(rota__in=ids, ends_at__gt=since, starts_at__lte=until)
    order: dict[int, list[UUID]] = defaultdict(list)
    turns = Turn.objects.filter(layer__in=layers).order_by("place").values_list("layer_id", "person_id")
    for layer, person in turns:
        order[layer].append(person)
    by_rota: dict[UUID, list[LayerPlan]] = defaultdict(list)
    for one in layers.order_by("place", "id"):
        by_rota[one.rota_id].append(_layer(one, order[one.id]))
    instead: dict[UUID, list[Span]] = defaultdict(list)
    for other in overrides.order_by("-made_at", "-id"):
        instead[other.rota_id].append(
            Span(other.starts_at, other.ends_at, other.person_id, other.reason, override=other.id)
        )
    on_duty = _available({person for people in order.values() for person in people} | _named(instead))
    return {one: RotaPlan(tuple(by_rota[one]), tuple(instead[one]), on_duty) for one in ids}


def _named(instead: dict[UUID, list[Span]]) -> set[UUID]:
    return {span.person for spans in instead.values() for span in spans if span.person}


def _layer(layer: Layer, people: Iterable[UUID]) -> LayerPlan:
    hours = (layer.hours_from, layer.hours_until) if layer.hours_from and layer.hours_until else None
    return LayerPlan(
        name=layer.name, people=tuple(people), starts_on=layer.starts_on, turn_days=layer.turn_days,
        handover_at=layer.handover_at, weekdays=frozenset(layer.weekdays), hours=hours, since=layer.in_force_from,
        until=layer.in_force_until,
    )  # fmt: skip


def _available(people: Iterable[UUID]) -> dict[UUID, tuple[Interval, ...]]:
    """When each of these has a duty; the disabled never."""
    found: dict[UUID, list[Interval]] = defaultdict(list)
    duties = Duty.objects.filter(person__in=list(people), person__is_active=True)
    for person, since, until in duties.order_by("valid_from").values_list("person_id", "valid_from", "valid_until"):
        found[person].append((since, until or datetime.max.replace(tzinfo=since.tzinfo)))
    return {person: tuple(intervals) for person, intervals in found.items()}
