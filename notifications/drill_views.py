"""Drills: start one, watch the answers come in, read the old ones."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from access.http import PersonRequest
from journal.errors import Invalid, NotFound
from notifications import services
from notifications.drills import result_of
from notifications.forms import CHANNEL_LABELS
from notifications.models import Drill
from notifications.on_call import lasting, people_on_call
from notifications.pages import page, shown
from notifications.permissions import Permission

SHOWN = 20


@page(Permission.DRILL)
def drills(request: PersonRequest) -> HttpResponse:
    """`/on-call/drills/`: whom a drill would call now, and what came of the last ones."""
    if request.method == "POST":
        return _start(request)
    rotas = list(lasting(request.access))
    on_call = people_on_call(rotas)
    results = [result_of(drill) for drill in Drill.objects.select_related("started_by")[:SHOWN]]
    context = {"would_call": [(rota, on_call[rota.id]) for rota in rotas], "results": results}
    return shown(request, "notifications/drills.html", context)


def _start(request: PersonRequest) -> HttpResponse:
    try:
        rotas, minutes = [UUID(one) for one in request.POST.getlist("rota")], int(request.POST.get("minutes", ""))
    except ValueError as error:
        raise Invalid(_("Choose rotas, and how many minutes there are to answer.")) from error
    if not rotas:
        raise Invalid(_("Choose rotas, and how many minutes there are to answer."))
    drill = services.start_drill(rotas=rotas, minutes=minutes, by=request.user)
    return redirect("on_call_drill", drill_id=drill.id)


@page(Permission.DRILL)
def drill(request: PersonRequest, drill_id: UUID) -> HttpResponse:
    """`/on-call/drills/<id>/`: who answered, by which channel, how fast. While it runs, the page looks again by itself."""
    found = Drill.objects.filter(id=drill_id).select_related("started_by").first()
    if found is None or not request.access.sees(found.audiences):
        raise NotFound
    context = {"result": result_of(found), "channels": CHANNEL_LABELS}
    template = "notifications/drill_lines.html" if request.GET.get("part") == "lines" else "notifications/drill.html"
    return shown(request, template, context)
