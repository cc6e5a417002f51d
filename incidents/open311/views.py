"""Open311 GeoReport v2, the door for citizens' apps. Who posts is known by an API key; cookies mean nothing here."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from access.api.base import Call, Endpoint, Open, View, endpoint
from access.models import Person
from access.selectors import ANONYMOUS, access_of, person_by_api_key
from access.services import require_anywhere
from incidents import services
from incidents.open311 import formats, requests
from incidents.permissions import Permission
from incidents.services.acting import clock
from journal.api import errors, parsing
from journal.errors import NotAllowed, NotFound
from notifications import sources

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-23T00:00:00Z"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class GeoReportView(View):
    """Format by ending, key by parameter, errors as the standard writes them."""

    schema = cast("Any", None)  # the standard is its description
    format_ = "json"

    def serve(self, request: HttpRequest, path: dict[str, Any]) -> HttpResponseBase:
        asked = path.pop("format", "json")
        self.format_ = asked if asked in formats.MEDIA else "json"
        if asked not in formats.MEDIA:
            return self.refuse(request, NotFound(_("Formats are json and xml.")))
        response = super().serve(request, path)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def refuse(self, request: HttpRequest, error: Exception) -> HttpResponseBase:
        problem = errors.problem_of(error)
        if problem is None:
            raise error
        by_field = problem.extra.get("errors", {})
        sentences = [f"{name}: {sentence}" for name, told in by_field.items() for sentence in told]
        code = {401: 403, 422: 400}.get(problem.status, problem.status)
        response = formats.errors(code, sentences or [errors.document(problem)["detail"]], format_=self.format_)
        for name, value in errors.headers_of(problem).items():
            response[name] = value
        return response

    def call(self, request: HttpRequest, asked: Endpoint) -> Call:
        parsing.check_size(request)
        person = self._sender(request)
        call = Call(request, asked, person, access_of(person) if person else ANONYMOUS)
        if not isinstance(asked.right, Open):
            if person is None:
                raise NotAllowed(_("An api_key is needed."))
            self.tell_refusal(call, lambda: require_anywhere(call.access, asked.right), {})
        return call

    def _sender(self, request: HttpRequest) -> Person | None:
        key = request.GET.get("api_key") or (request.POST.get("api_key") if request.method == "POST" else None)
        if not key:
            return None
        person = person_by_api_key(key)
        if person is None:
            raise NotAllowed(_("This api_key is unknown or revoked."))
        return person

    def render(self, value: Any, *names: str, status: int = 200) -> HttpResponseBase:
        return formats.render(value, names=names, format_=self.format_, status=status)


class DiscoveryView(GeoReportView):
    @endpoint("Discovery", right=Open.ANYBODY)
    def get(self, call: Call) -> HttpResponseBase:
        here = call.request.build_absolute_uri("/open311/v2")
        known = {
            "changeset": CHANGESET,
            "contact": call.request.build_absolute_uri("/"),
            "key_service": _("API keys are given by the post's administrators."),
            "endpoints": [
                {
                    "specification": SPECIFICATION,
                    "url": here,
                    "changeset": CHANGESET,
                    "type": "production",
                    "formats": ["text/xml", "application/json"],
                }
            ],
        }
        return self.render(known, "discovery")


class ServicesView(GeoReportView):
    @endpoint("Services", right=Open.ANYBODY)
    def get(self, call: Call) -> HttpResponseBase:
        return self.render(requests.services(), "services", "service")


class ServiceView(GeoReportView):
    @endpoint("Service definition", right=Open.ANYBODY)
    def get(self, call: Call, code: str) -> HttpResponseBase:
        found = requests.service(code)
        return self.render({"service_code": found.key, "attributes": []}, "service_definition")


class RequestsView(GeoReportView):
    @endpoint("Service requests", right=Open.ANYBODY)
    def get(self, call: Call) -> HttpResponseBase:
        found = requests.find(call.request.GET, clock())
        return self.render(requests.shown(found, call.person), "service_requests", "request")

    @endpoint("Post a service request", right=Permission.DECLARE, status=201, keyed=False)
    def post(self, call: Call) -> HttpResponseBase:
        if parsing.media_type(call.request) not in FORMS:
            raise errors.UnsupportedMediaType(_("Send a form: application/x-www-form-urlencoded."))
        key = call.request.headers.get("Idempotency-Key", "").strip()
        draft = requests.draft_of(call.request.POST, by=call.by, key=key)
        incident = services.declare(by=call.by, draft=draft)
        sources.hear("open311", label="Open311", silent_after=timedelta(hours=12))
        made = {
            "service_request_id": incident.reference,
            "token": str(draft.id),
            "service_notice": "",
            "account_id": "",
        }
        return self.render([made], "service_requests", "request", status=201)


class RequestView(GeoReportView):
    @endpoint("One service request", right=Open.ANYBODY)
    def get(self, call: Call, reference: str) -> HttpResponseBase:
        found = requests.by_reference(reference)
        return self.render(requests.shown([found], call.person), "service_requests", "request")


class TokenView(GeoReportView):
    @endpoint("The service request of a token", right=Open.ANYBODY)
    def get(self, call: Call, token: str) -> HttpResponseBase:
        found = requests.by_token(token)
        listed = [{"service_request_id": found.reference, "token": str(UUID(token))}]
        return self.render(listed, "service_requests", "request")


class NothingHereView(GeoReportView):
    @endpoint("Any other address", right=Open.ANYBODY)
    def get(self, call: Call, rest: str = "") -> HttpResponseBase:
        raise NotFound(_("There is no such address."))
