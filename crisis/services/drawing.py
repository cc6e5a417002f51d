"""The cell's map, drawn together: zones with all their versions."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Person
from crisis.areas import Shape, fault
from crisis.events import Drawn, Erased
from crisis.inside import inside, stored
from crisis.models import Zone, ZoneVersion
from crisis.papers import zone_row
from crisis.services.acting import Change, acting, choice, words
from crisis.services.logging import act_line, event_time
from crisis.workflow import LineKind
from journal.errors import Invalid, NotFound, Stale, WrongState


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """A zone as somebody draws it. `observed` false: foreseen, and then `dated_at` may lie ahead."""

    kind: str
    label: str
    shape: Shape
    observed: bool = True
    dated_at: datetime | None = None
    source: str = ""


def draw(*, cell_id: UUID, by: Person, drawing: Drawing) -> ZoneVersion:
    """Draw a zone; its people and sensitive sites are estimated at once. Raises NotFound, NotAllowed, Invalid."""
    with acting("draw", cell_id=cell_id, by=by) as change:
        zone = Zone(cell=change.cell)
        _check(drawing)
        zone.save(force_insert=True)
        drawn = _version(change, zone, drawing)
        act_line(change, LineKind.SITUATION, gettext_noop("Drawn on the map: %(label)s."), zone, label=drawn.label)
        return drawn


def redraw(*, cell_id: UUID, by: Person, zone_id: UUID, drawing: Drawing, version: int | None = None) -> ZoneVersion:
    """Draw a zone anew: the next version, the ones before stay. Raises Stale when somebody else was faster."""
    with acting("draw", cell_id=cell_id, by=by) as change:
        zone = _zone(change, zone_id, version)
        _check(drawing)
        zone.version += 1
        zone.save(update_fields=["version"])
        drawn = _version(change, zone, drawing)
        message = gettext_noop("Drawn anew on the map: %(label)s (version %(number)s).")
        act_line(change, LineKind.SITUATION, message, zone, label=drawn.label, number=drawn.number)
        return drawn


def erase(*, cell_id: UUID, by: Person, zone_id: UUID, version: int | None = None) -> ZoneVersion:
    """Take a zone off the map; its versions stay."""
    with acting("draw", cell_id=cell_id, by=by) as change:
        zone = _zone(change, zone_id, version)
        zone.removed_at = change.now
        zone.save(update_fields=["removed_at"])
        drawn = _last(zone)
        change.tell(Erased(zone=zone_row(drawn)))
        act_line(change, LineKind.SITUATION, gettext_noop("Taken off the map: %(label)s."), zone, label=drawn.label)
        return drawn


def _zone(change: Change, zone_id: UUID, version: int | None) -> Zone:
    zone = Zone.objects.filter(cell=change.cell, id=zone_id).first()
    if zone is None:
        raise NotFound
    if version is not None and zone.version != version:
        raise Stale(current=zone_row(_last(zone)))
    if zone.removed_at is not None:
        raise WrongState(_("It was taken off the map."))
    return zone


def _last(zone: Zone) -> ZoneVersion:
    return ZoneVersion.objects.select_related("zone", "by").get(zone=zone, number=zone.version)


def _check(drawing: Drawing) -> None:
    wrong = fault(drawing.shape)
    if wrong:
        raise Invalid(errors={f"shape.{wrong}": [_("This cannot be drawn.")]})
    choice(drawing.kind, ZoneVersion.Kind.values, name="kind")


def _version(change: Change, zone: Zone, drawing: Drawing) -> ZoneVersion:
    drawn = ZoneVersion(
        zone=zone,
        number=zone.version,
        kind=drawing.kind,
        label=words(drawing.label, name="label", limit=120),
        observed=drawing.observed,
        dated_at=_dated(drawing, change.now),
        source=words(drawing.source, name="source", needed=False, limit=120),
        shape=msgspec.to_builtins(drawing.shape),
        inside=stored(inside(drawing.shape)),
        by=change.person,
        at=change.now,
    )
    drawn.save(force_insert=True)
    change.tell(Drawn(zone=zone_row(drawn)))
    return drawn


def _dated(drawing: Drawing, now: datetime) -> datetime:
    """What is seen lies behind us; what is foreseen may lie ahead."""
    at = drawing.dated_at
    return at if at is not None and at.tzinfo is not None and not drawing.observed else event_time(at, now)
