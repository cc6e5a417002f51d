"""How django-allauth is bent to this house: no sign-up, no e-mail, rights from duties alone, all of it in the journal."""

import base64
from hashlib import sha256
from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access import services, signing_in
from access.models import Person
from access.roles import Role
from access.selectors import access_of
from access.sessions import SessionStore

QUIET = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")  # the next page says it


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as the trusted proxies tell (ALLAUTH_TRUSTED_PROXY_COUNT)."""
    return str(AccountAdapter(request).get_client_ip(request))


class AccountAdapter(DefaultAccountAdapter):
    """Passwords, sessions, the door."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The login or the password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in QUIET:
            super().add_message(request, level, message_template, *args, **kwargs)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            source, person = address_of(request), self._known(credentials)
            signing_in.record_throttled(source=source, person=person, method="password")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        signing_in.record_refused_login(person=self._known(credentials), why="wrong_credentials", method="password")

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        if user.is_active and user.kind == Person.Kind.HUMAN:
            return cast("HttpResponse | None", super().pre_login(request, user, **kwargs))
        why = "machine" if user.is_active else "disabled"
        signing_in.record_refused_login(person=user, why=why, method=method_of(request, user))
        return redirect("account_inactive")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk; for who leads a crew and does nothing else, the missions of the day, on the phone."""
        held = access_of(cast("Person", request.user)).holdings
        alone = bool(held) and all(one.role == Role.CREW_LEADER for one in held)
        return reverse("field") if alone else str(super().get_login_redirect_url(request))

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        session = cast("SessionStore", request.session)
        signing_in.describe(session, user_agent=request.headers.get("User-Agent", ""))

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        response = cast("HttpResponse", super().post_login(request, user, **kwargs))
        useful = signing_in.record_login(person=user, method=method_of(request, user))
        response = response if useful else redirect("no_duty")
        speak(response, user.language)
        return response

    def logout(self, request: HttpRequest) -> None:
        person = request.user
        super().logout(request)
        if isinstance(person, Person):
            signing_in.record_logout(person=person)

    def set_password(self, user: Person, password: str) -> None:
        session = cast("SessionStore", self.request.session)
        services.set_password(person=user, password=password, by=user, keep=session.session_key)

    @staticmethod
    def _known(credentials: dict[str, Any]) -> Person | None:
        return Person.objects.filter(login=str(credentials.get("username", "")).lower()).first()


class SocialAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect: an identity from elsewhere opens an existing person's account, and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Connect a first sign-in to its person: by the configured claim = login, or by a verified e-mail address."""
        if sociallogin.state.get("process") not in (None, "login"):
            raise ImmediateHttpResponse(redirect("account"))  # nobody connects identities by themselves
        if sociallogin.is_existing:
            return
        person = self._person(sociallogin)
        if person is None:
            signing_in.record_refused_login(person=None, why="unknown_identity", method="oidc")
            raise ImmediateHttpResponse(redirect("socialaccount_unknown"))
        sociallogin.connect(request, person)

    def _person(self, sociallogin: SocialLogin) -> Person | None:
        people = Person.objects.filter(kind=Person.Kind.HUMAN)
        claims = claims_of(sociallogin)
        if settings.OIDC_LOGIN_CLAIM:
            name = str(claims.get(settings.OIDC_LOGIN_CLAIM) or "").lower()
            return people.filter(login=name).first() if name else None
        if claims.get("email_verified") is not True or not claims.get("email"):
            return None
        found = list(people.filter(email__iexact=str(claims["email"]))[:2])
        return found[0] if len(found) == 1 else None


class MfaAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted in the database with a key made of SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return "OnDijon"


def claims_of(sociallogin: SocialLogin) -> dict[str, Any]:
    """What the identity provider says: the userinfo answer over the ID token."""
    data = sociallogin.account.extra_data
    return {**data.get("id_token", {}), **data.get("userinfo", {})}


def method_of(request: HttpRequest, person: Person) -> str:
    """How somebody signed in, from what allauth noted on the way: password, mfa, passkey, oidc, demo."""
    noted = get_authentication_records(request, person)
    if not noted:
        return "password"
    last = noted[-1]
    if last.get("passwordless"):
        return "passkey"
    return {"socialaccount": "oidc"}.get(last["method"], str(last["method"]))


def speak(response: HttpResponse, language: str) -> None:
    """Let every further page of this browser be in this language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
    )


def _cipher() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(b"ondijon second factors" + secret.encode()).digest()))
