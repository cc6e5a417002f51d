"""How the API knows who is asking (REST framework authentication classes)."""

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.authentication import SessionAuthentication as CookieAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from access.models import Person
from access.selectors import person_by_token


class MachineAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` from `/oauth/token/`; the person's rights are narrowed to the token's scopes."""

    def authenticate(self, request: Request) -> tuple[Person, str] | None:
        scheme, _space, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        person = person_by_token(token.decode("latin-1"))
        if person is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        return person, "oauth2"

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="ondijon"'


class SessionAuthentication(CookieAuthentication):
    """A person's browser: the session cookie, and the CSRF token on everything that writes."""
