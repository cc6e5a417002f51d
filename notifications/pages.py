"""What the room's pages have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from access.http import PersonRequest, Request
from access.pages import turned_away
from access.roles import ROLES
from access.services import record_refusal
from journal.errors import NotAllowed, NotFound, Problem

View = Callable[..., HttpResponse]


def page(permission: str) -> Callable[[View], View]:
    """A page for whoever holds this permission; a Problem that an act raises is said on the page it came from."""

    def decorate(view: View) -> View:
        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request: HttpRequest, **path: Any) -> HttpResponse:
            asked = cast("Request", request)
            shut = turned_away(asked, permission)
            if shut is not None:
                return shut
            try:
                return view(cast("PersonRequest", request), **path)
            except Problem as problem:
                return _refused(cast("PersonRequest", request), problem)

        return answer

    return decorate


def _refused(request: PersonRequest, problem: Problem) -> HttpResponse:
    if isinstance(problem, NotAllowed):
        record_refusal(by=request.user, permission=str(problem.extra.get("permission", "")))
        return render(request, "403.html", status=403)
    if isinstance(problem, NotFound):
        return render(request, "404.html", status=404)
    words = [word for found in problem.extra.get("errors", {}).values() for word in found] or [_(problem.detail)]
    messages.error(request, " ".join(map(str, words)))
    return redirect(request.get_full_path())


def shown(request: PersonRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, with the line that says one's duties."""
    titles = dict.fromkeys(str(ROLES[holding.role].title) for holding in request.access.holdings)
    return render(request, template, {**context, "duty_line": " · ".join(titles)})


def done(request: PersonRequest, words: str) -> HttpResponse:
    """Say that it worked, and show the page again."""
    messages.success(request, words)
    return redirect(request.get_full_path())
