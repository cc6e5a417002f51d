"""The facilitator's pages."""

from typing import Any, cast
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from access.http import Request
from access.pages import turned_away
from crisis.exercise import labels, scenarios, selectors
from crisis.exercise.evaluation import sheet
from crisis.exercise.models import Exercise
from crisis.exercise.permissions import Permission
from crisis.exercise.rows import inject_row, row_of
from journal.errors import NotFound
from journal.selectors import head


@require_safe
@never_cache
def exercises(request: HttpRequest) -> HttpResponse:
    """Scenarios to take up, and what was played."""
    asked = cast("Request", request)
    away = turned_away(asked, Permission.SEE)
    if away is not None:
        return away
    found = list(selectors.visible(asked.access)[:50])
    content = {"scenarios": [_scenario(one) for one in scenarios.scenarios().values()], "exercises": found}
    content["going_on"] = next((one for one in found if one.status != "finished"), None)
    return _page(asked, "exercise/list.html", {**content, "data": page_data("")})


@require_safe
@never_cache
def exercise(request: HttpRequest, exercise_id: UUID) -> HttpResponse:
    """The facilitator's desk of one exercise."""
    asked = cast("Request", request)
    away = turned_away(asked, Permission.SEE)
    if away is not None:
        return away
    cursor = str(head())
    found = one(exercise_id, asked)
    rows = [msgspec.to_builtins(inject_row(inject)) for inject in selectors.injects(found)]
    data = {**page_data(cursor), "row": msgspec.to_builtins(row_of(found)), "injects": rows}
    data["may"] = asked.access.holds(Permission.FACILITATE)
    scenario = scenarios.scenarios().get(found.scenario)
    return _page(asked, "exercise/desk.html", {"exercise": found, "scenario": scenario, "data": data})


@require_safe
@never_cache
def evaluation(request: HttpRequest, exercise_id: UUID) -> HttpResponse:
    """The evaluation sheet, to read and to print."""
    asked = cast("Request", request)
    away = turned_away(asked, Permission.SEE)
    if away is not None:
        return away
    found = one(exercise_id, asked)
    return _page(asked, "exercise/evaluation.html", {"exercise": found, "sheet": sheet(found), "data": page_data("")})


def one(exercise_id: UUID, request: Request) -> Exercise:
    """Raises Http404."""
    try:
        return selectors.get(exercise_id=exercise_id, access=request.access)
    except NotFound as missing:
        raise Http404 from missing


def page_data(cursor: str) -> dict[str, Any]:
    live = settings.LIVE_URL and f"{settings.LIVE_URL.rstrip('/')}/ws/live/"
    return {"now": timezone.now().isoformat(), "zone": settings.TIME_ZONE, "cursor": cursor, "live": live}


def _scenario(found: scenarios.Scenario) -> dict[str, Any]:
    return {**msgspec.to_builtins(found), "injects": len(found.injects), "length": scenarios.span(found.duration)}


def _page(request: Request, template: str, content: dict[str, Any]) -> HttpResponse:
    may = request.access.holds(Permission.FACILITATE)
    return render(request, template, {**content, "may": may, "labels": labels.facilitator()})
