"""The door's own pages; the rest of them are django-allauth's, in this house's templates."""

from typing import Any, cast
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView as AllauthLoginView
from allauth.core import ratelimit
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language as django_set_language

from access import demo, services, signing_in
from access.adapters import address_of
from access.http import PersonRequest
from access.keys import digest
from access.models import Person, Session
from access.pages import no_duty_page


class LoginView(AllauthLoginView):
    """`/login/`: password, passkey, OpenID Connect where configured, and one click per duty in the demo."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = cast("HttpResponse", super().dispatch(request, *args, **kwargs))
        if response.status_code == 429:
            signing_in.record_throttled(source=address_of(request), person=None, method="password")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = demo.PEOPLE if settings.DEMO else ()
        return {**super().get_context_data(**kwargs), "demo_people": people, "oidc_name": settings.OIDC_NAME}


class PasskeyLoginView(LoginWebAuthnView):
    """Where a passkey's answer is posted; what is refused is recorded."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = cast("HttpResponse", super().dispatch(request, *args, **kwargs))
        if response.status_code == 429:
            signing_in.record_throttled(source=address_of(request), person=None, method="passkey")
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        signing_in.record_refused_login(person=None, why="wrong_credentials", method="passkey")
        return cast("HttpResponse", super().form_invalid(form))


@require_POST
@never_cache
def demo_login(request: HttpRequest, login: str) -> HttpResponse:
    """One click in the demo. Anywhere else this address does not exist."""
    if not settings.DEMO or login not in {person.login for person in demo.PEOPLE}:
        raise Http404
    limited = ratelimit.consume_or_429(request, action="login")
    if limited is not None:
        return cast("HttpResponse", limited)
    person = Person.objects.filter(login=login).first()
    if person is None:
        raise Http404
    record_authentication(request, person, method="demo")
    redirect_url = get_next_redirect_url(request)
    return cast("HttpResponse", perform_login(request, Login(user=person, redirect_url=redirect_url)))


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Leave; also from half-way through a sign-in."""
    from allauth.account.internal.flows.logout import logout as leave

    leave(request)
    return redirect("account_login")


@require_GET
@login_required
@never_cache
def no_duty(request: PersonRequest) -> HttpResponse:
    """Says that no duty is in force; on to the desk once one is."""
    return redirect("/") if request.access.holdings else no_duty_page(request)


@login_required
@never_cache
def account(request: PersonRequest) -> HttpResponse:
    """`/account/`: one's own duties, ways to sign in, and sessions."""
    if request.method == "POST":
        return _end_sessions(request)
    sessions = Session.objects.filter(person=request.user).order_by("-started_at")
    rows = [
        {
            "mark": digest(one.session_key)[:16],
            "device": one.device,
            "started_at": one.started_at,
            "here": one.session_key == request.session.session_key,
        }
        for one in sessions
    ]
    context = {"sessions": rows, "duties": request.user.duties.select_related("organisation").order_by("valid_from")}
    return render(request, "access/account.html", context)


def _end_sessions(request: PersonRequest) -> HttpResponse:
    person, here, mark = request.user, request.session.session_key, request.POST.get("session", "")
    if mark:
        own = Session.objects.filter(person=person).values_list("session_key", flat=True)
        chosen = next((key for key in own if digest(key)[:16] == mark), None)
        if chosen is None:
            return redirect("account")  # it has ended meanwhile
        ended = services.end_sessions(person=person, by=person, only=chosen)
    else:
        ended = services.end_sessions(person=person, by=person, keep=here)
    said = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended) % {"count": ended}
    messages.success(request, said if ended else _("There was no other session."))
    return redirect("account")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's own, and the person's choice is kept for the next browser."""
    person, language = request.user, request.POST.get("language", "")
    if isinstance(person, Person) and language in dict(settings.LANGUAGES):
        Person.objects.filter(id=UUID(str(person.id))).update(language=language)
    return django_set_language(request)
