"""The one way an address of the API is answered: who asks, may they, read, act once, answer, or say what is wrong.

`View` is a class of the REST framework for the sake of its schema, but answers by itself: measured, the framework's own
dispatch costs several times what a declaration may cost. Every handler says its right with `endpoint`; a class with
a handler that does not cannot be made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

import msgspec
import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.views import APIView

from access.api.schema import OperationSchema
from access.api.who import identify
from access.http import Request
from access.models import Person
from access.selectors import Access
from access.services import record_refusal, require_anywhere
from journal.api import errors, parsing
from journal.api.answers import send
from journal.errors import NotAllowed, NotSignedIn
from journal.idempotency import Answer, fingerprint, once

logger = structlog.get_logger(__name__)
T = TypeVar("T")
METHODS = ("get", "post", "put", "patch", "delete")


class Open(StrEnum):
    """Rights that no duty carries."""

    ANYBODY = "open.anybody"  # signed in or not
    SIGNED_IN = "open.signed_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What one method of an address asks for and gives: the handler's right, and all that the schema says of it."""

    summary: str
    right: StrEnum
    query: type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    upload: bool = False
    answer: Any = None
    media: str = "application/json"
    status: int = 200
    versioned: bool = False  # needs If-Match
    keyed: bool = True  # a write that takes an Idempotency-Key
    wraps: bool = True  # … under which the whole handler runs; else the handler itself sees to it


def endpoint(
    summary: str, *, right: StrEnum, **more: Any
) -> Callable[[Callable[..., Answer | HttpResponseBase]], Callable[..., Answer | HttpResponseBase]]:
    """Mark a handler with what it asks for and gives; see `Endpoint`."""

    def mark(handler: Callable[..., Answer | HttpResponseBase]) -> Callable[..., Answer | HttpResponseBase]:
        cast("Any", handler).endpoint = Endpoint(summary=summary, right=right, **more)
        return handler

    return mark


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with whoever asks and their rights."""

    request: HttpRequest
    endpoint: Endpoint
    person: Person | None
    access: Access

    @property
    def by(self) -> Person:
        """Whoever asks. Raises NotSignedIn."""
        if self.person is None:
            raise NotSignedIn
        return self.person

    def body(self, shape: type[T]) -> T:
        """The JSON body as a `shape`; an absent body stands for an empty object. Raises Malformed, Invalid …"""
        found = parsing.read_json(self.request)
        return parsing.shaped({} if found is None else found, shape)

    def query(self, shape: type[T]) -> T:
        return parsing.read_query(self.request.GET, shape)

    @property
    def version(self) -> int:
        return parsing.version_of(self.request.headers)

    @property
    def key(self) -> UUID:
        return parsing.key_of(self.request.headers)


class View(APIView):
    """Subclasses define `get(self, call, …)`, `post` … marked with `endpoint`, giving an Answer or a response."""

    endpoints: ClassVar[dict[str, Endpoint]] = {}
    schema = OperationSchema()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        handlers = {name.upper(): getattr(cls, name) for name in METHODS if hasattr(cls, name)}
        bare = [method for method, handler in handlers.items() if not hasattr(handler, "endpoint")]
        if bare:
            raise TypeError(f"{cls.__name__} declares no right for {', '.join(bare)}")
        cls.endpoints = {method: handler.endpoint for method, handler in handlers.items()}

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        def view(request: HttpRequest, **path: Any) -> HttpResponseBase:
            return cls().serve(request, path)

        made = cast("Any", view)
        made.cls, made.view_class, made.initkwargs, made.csrf_exempt = cls, cls, initkwargs, True
        made.__name__, made.__doc__, made.__module__ = cls.__name__, cls.__doc__, cls.__module__
        return view

    def serve(self, request: HttpRequest, path: dict[str, Any]) -> HttpResponseBase:
        """The whole answer; problems become their documents, faults of ours go on to Django."""
        try:
            response = self._answer(request, path)
        except errors.EXPECTED as error:
            response = self.refuse(request, error)
        patch_vary_headers(response, ("Authorization", "Cookie"))
        return response

    def refuse(self, request: HttpRequest, error: Exception) -> HttpResponseBase:
        problem = errors.problem_of(error)
        if problem is None:
            raise error
        if isinstance(problem, errors.Unavailable):
            logger.warning("the database did not answer", error=str(error))
        return errors.respond(problem)

    def _answer(self, request: HttpRequest, path: dict[str, Any]) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": ", ".join([*self.endpoints, "OPTIONS"])})
        if method not in self.endpoints:
            raise errors.MethodNotAllowed(allow=[*self.endpoints, "OPTIONS"])
        call = self.call(request, self.endpoints[method])
        handler = partial(getattr(self, method.lower()), call, **path)
        if method == "GET" or not (call.endpoint.keyed and call.endpoint.wraps):
            return sent(self.tell_refusal(call, handler, path))
        return sent(self.tell_refusal(call, partial(self.once, call, handler), path))

    def call(self, request: HttpRequest, asked: Endpoint) -> Call:
        """Whoever asks with their rights. Raises NotSignedIn, NotAllowed, TooLarge."""
        parsing.check_size(request, self.cap(asked))
        person, access = self.identify(request)
        if person is None and asked.right is not Open.ANYBODY:
            raise NotSignedIn
        cast("Request", request).access = access
        call = Call(request, asked, person, access)
        if not isinstance(asked.right, Open):
            self.tell_refusal(call, partial(require_anywhere, call.access, asked.right), {})
        return call

    def identify(self, request: HttpRequest) -> tuple[Person | None, Access]:
        """Whoever asks, with their rights; None when nobody says who they are. Raises NotSignedIn."""
        return identify(request)

    def cap(self, asked: Endpoint) -> int:
        return parsing.BODY_CAP

    def once(self, call: Call, handler: Callable[[], Answer]) -> Answer:
        """Act under the call's Idempotency-Key: the same key and content get the same answer."""
        return once(by=call.by, key=call.key, mark=self.mark(call), work=handler)

    def mark(self, call: Call) -> bytes:
        """What makes two calls the same one."""
        return fingerprint(str(call.request.method), call.request.get_full_path(), parsing.body_of(call.request))

    @staticmethod
    def tell_refusal(call: Call, work: Callable[[], T], path: dict[str, Any]) -> T:
        """Do `work`; when it is refused for want of a right, that is put on record."""
        try:
            return work()
        except NotAllowed as refusal:
            if call.person is not None:
                about = next((value for value in path.values() if isinstance(value, UUID)), None)
                permission = str(refusal.extra.get("permission", call.endpoint.right))
                record_refusal(by=call.person, permission=permission, about=about)
            raise


def sent(made: Answer | HttpResponseBase) -> HttpResponseBase:
    return send(made) if isinstance(made, Answer) else made
