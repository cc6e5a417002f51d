"""What the next shift has to know of this room: which crews are under orders."""

from django.db.models import Q
from django.utils.translation import gettext as _

from access.selectors import Access
from incidents.handing import MOST, Line, Section
from incidents.workflow import Sensitivity
from interventions.models import Intervention
from interventions.permissions import Permission
from interventions.selectors import visible
from interventions.workflow import HELD, Status
from territory.wording import placed


def orders_in_force(access: Access | None) -> Section | None:
    """Every mission that a crew has and has not finished; None for who may see none. For the record: nothing restricted."""
    if access is not None and not access.holds(Permission.VIEW):
        return None
    plain = Q(incident=None) | Q(incident__sensitivity=Sensitivity.NORMAL)
    seen = visible(access) if access else Intervention.objects.filter(plain, audiences__contains=["post"])
    held = seen.filter(status__in=HELD).select_related("crew", "commune", "incident")
    lines = [_line(one) for one in held.order_by("priority", "assigned_at", "id")[:MOST]]
    return Section("orders", _("Orders in force"), lines, _("given"), _("No crew is under orders."))


def _line(one: Intervention) -> Line:
    return Line(
        words=one.title,
        place=placed(one.address, one.commune.name),
        note=one.crew.name if one.crew else "",
        id=one.incident_id,
        reference=one.reference,
        priority=one.priority,
        status=str(Status(one.status).label),
        at=one.assigned_at,
    )
