"""From whatever went wrong to one RFC 9457 problem document. The types are stable and listed in docs/api.md."""

from typing import Any

import msgspec
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext, gettext_noop
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from journal.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, Problem, Stale

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2


class Malformed(Problem):
    """The request cannot be read: broken JSON, a bad header, an unknown query parameter."""

    type, status, title = "malformed", 400, gettext_noop("The request cannot be read")


class MethodNotAllowed(Problem):
    """`extra["allow"]` names the methods that exist here."""

    type, status, title = "method-not-allowed", 405, gettext_noop("This address does not know that method")


class TooLarge(Problem):
    type, status, title = "too-large", 413, gettext_noop("The request is too large")


class UnsupportedMediaType(Problem):
    type, status, title = "unsupported-media-type", 415, gettext_noop("This kind of content is not taken here")


class KeyRequired(Problem):
    type, status, title = "idempotency-key-required", 428, gettext_noop("Writes need an Idempotency-Key")


class VersionRequired(Problem):
    type, status, title = "version-required", 428, gettext_noop("Updates need If-Match with the version they build on")


class Fault(Problem):
    type, status, title = "fault", 500, gettext_noop("Something went wrong on our side; it has been noted")


class Unavailable(Problem):
    type, status, title = "unavailable", 503, gettext_noop("The database does not answer; try again shortly")


_FAMILIES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], type[Problem]], ...] = (
    (Http404, NotFound),
    (PermissionDenied, NotAllowed),
    (RequestDataTooBig, TooLarge),
    ((SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError), Malformed),
    (DataError, Invalid),
    (IntegrityError, Conflict),
    ((OperationalError, InterfaceError), Unavailable),
)
# What a view may meet and answer; anything else is a fault of ours and becomes a 500.
EXPECTED: tuple[type[Exception], ...] = (
    *(Problem, Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError),
    *(DataError, IntegrityError, OperationalError, InterfaceError, APIException),
)


def problem_of(error: Exception) -> Problem | None:
    """The problem that an exception means to the caller; None for a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, APIException):
        return _of_rest_framework(error)
    return next((problem() for family, problem in _FAMILIES if isinstance(error, family)), None)


def _of_rest_framework(error: APIException) -> Problem:
    kinds: dict[int, type[Problem]] = {
        kind.status: kind for kind in (NotSignedIn, NotAllowed, NotFound, MethodNotAllowed, UnsupportedMediaType)
    }
    kind = kinds.get(error.status_code, Malformed)
    return kind(str(error.detail))


def document(problem: Problem) -> dict[str, Any]:
    """The members of the problem document."""
    title = gettext(problem.title)
    detail = title if problem.detail == problem.title else problem.detail
    standard = {"type": f"/problems/{problem.type}", "title": title, "status": problem.status, "detail": detail}
    # A state machine's `status` gives way to HTTP's, which the standard puts under that name.
    extra = {"state" if name == "status" else name: value for name, value in problem.extra.items()}
    return {**extra, **standard}


def respond(problem: Problem) -> HttpResponse:
    """The document with the headers that belong to its status."""
    response = HttpResponse(
        msgspec.json.encode(document(problem), enc_hook=str), status=problem.status, content_type=MEDIA_TYPE
    )
    response["Cache-Control"] = "no-store"
    for name, value in headers_of(problem).items():
        response[name] = value
    return response


def headers_of(problem: Problem) -> dict[str, str]:
    """What HTTP wants beside a status: Allow, Retry-After and the like."""
    if isinstance(problem, NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(problem, MethodNotAllowed):
        return {"Allow": ", ".join(problem.extra.get("allow", []))}
    if isinstance(problem, Unavailable):
        return {"Retry-After": str(RETRY_SECONDS)}
    if isinstance(problem, Stale) and "current" in problem.extra:
        return {"ETag": f'"{problem.extra["current"].version}"'}
    return {}


def rest_framework_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | Response | None:
    """For the few views that are the framework's own (schema and its page)."""
    problem = problem_of(error)
    return respond(problem) if problem else None


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any address below an API's root that is no route."""
    return respond(NotFound(gettext("There is no such address.")))
