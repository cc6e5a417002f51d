"""OAuth 2 for machines: client credentials and nothing else (RFC 6749 section 4.4), tokens kept as hashes."""

from typing import Any, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauth2_provider.views import TokenView as ToolkitTokenView

from access import events, registry
from access.adapters import address_of
from access.models import Client, Person
from access.selectors import access_of
from access.signing_in import record_refused_login, record_throttled
from journal.services import writing

METHOD = "client_credentials"
FAILURES_A_MINUTE = 20


class Scopes(BaseScopes):
    """Scopes come from the rooms' permission tables; a client has those that it was given."""

    def get_all_scopes(self) -> dict[str, str]:
        return {name: name for name in registry.scopes()}

    def get_available_scopes(self, application: Client | None = None, *args: Any, **kwargs: Any) -> list[str]:
        return application.scopes if application else []

    def get_default_scopes(self, application: Client | None = None, *args: Any, **kwargs: Any) -> list[str]:
        return application.scopes if application else []


class Validator(OAuth2Validator):
    """The toolkit's, with every token and every refusal in the journal."""

    def _load_application(self, client_id: str, request: Any) -> Client | None:
        if "\x00" in (client_id or ""):  # the database would refuse it as a fault of ours
            return None
        found = cast("Client | None", super()._load_application(client_id, request))
        request.claimed = found or getattr(request, "claimed", None)
        return found

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        right = bool(super().authenticate_client(request, *args, **kwargs))
        claimed = getattr(request, "claimed", None)
        machine = cast("Person | None", claimed.user if claimed else None)
        if right and machine is not None and access_of(machine).holdings:
            return True
        why = "no_duty" if right else "wrong_credentials"
        record_refused_login(person=machine, why=why, method=METHOD)
        return False

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        machine = cast("Person", request.client.user)
        with writing(machine) as record:
            super().save_bearer_token(token, request, *args, **kwargs)
            record(events.LoggedIn(method=METHOD), about=machine)


@method_decorator(csrf_exempt, name="dispatch")
class TokenView(ToolkitTokenView):
    """`POST /oauth/token/`. Too many wrong secrets from one address: 429 for the rest of the minute."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        source = address_of(request)
        failures = f"token-failures:{source}"
        if cache.get(failures, 0) >= FAILURES_A_MINUTE:
            record_throttled(source=source, person=None, method=METHOD)
            return JsonResponse({"error": "slow_down"}, status=429, headers={"Retry-After": "60"})
        if request.headers.get("Authorization", "").isascii():
            response: HttpResponse = self.authorization_flow_token_response(request)
        else:
            response = JsonResponse({"error": "invalid_client"}, status=401)
        if response.status_code == 401:
            cache.set(failures, cache.get(failures, 0) + 1, timeout=60)
        return response
