"""Who is on call: the weeks, gaps, changes, fairness, and one's own calendar."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from access.http import PersonRequest
from access.models import Person
from journal.errors import NotFound
from notifications import calendars, picture, services
from notifications.forms import OverrideForm, RotaForm, SwapForm, WhenForm
from notifications.models import CalendarFeed, Override, Rota, Swap
from notifications.on_call import clock, lasting, people_on_call, plans
from notifications.pages import done, page, shown
from notifications.permissions import Permission
from notifications.services.swaps import words_of
from notifications.shifts import PARIS

SWAP_DAYS = 28
SANE_YEARS = (1970, 2200)


@page(Permission.SEE_ROTAS)
def board(request: PersonRequest) -> HttpResponse:
    """`/on-call/`: a week of all rotas in sight."""
    if request.method == "POST":
        return ACTS.get(request.POST.get("act", ""), _nothing)(request)
    return _board(request)


def _board(request: PersonRequest, **forms: Any) -> HttpResponse:
    rotas, today = list(lasting(request.access)), clock().astimezone(PARIS).date()
    asked, when = _asked(request)
    day = _day(request.GET.get("week", "")) or (asked.date() if asked else today)
    first = picture.monday(day)
    manages = request.access.holds(Permission.MANAGE_ROTAS)
    forms = {
        "override_form": _override_form(request, rotas, None),
        "swap_form": _swap_form(request, rotas, None),
        "rota_form": RotaForm() if manages else None,
        **forms,
    }
    context = {
        "weeks": picture.weeks(list(lasting(request.access, at=picture.beginning(first))), first), "days": [first + timedelta(days=n) for n in range(7)], "first": first,
        "today": today, "before": first - timedelta(days=7), "after": first + timedelta(days=7),
        "this_week": picture.monday(today), "gaps": picture.gaps_of(rotas), "shares": picture.fairness(_carried(request)),
        "mine": _mine(request.user), "swaps": _swaps(request.user), "overrides": _overrides(rotas),
        "when_form": when, "asked": asked, "asked_people": _people_at(request, asked) if asked else [],
        "manages": manages, "drills": request.access.holds(Permission.DRILL),
        "has_feed": CalendarFeed.objects.filter(person=request.user).exists(), "ahead": picture.AHEAD_DAYS,
        "fair_days": picture.FAIR_DAYS, **forms,
    }  # fmt: skip
    return shown(request, "notifications/on_call.html", context)


def _carried(request: PersonRequest) -> list[Rota]:
    """What was carried counts, even where its rota has ended meanwhile."""
    return list(lasting(request.access, at=clock() - timedelta(days=picture.FAIR_DAYS)))


def _asked(request: PersonRequest) -> tuple[datetime | None, WhenForm]:
    """The instant that somebody asks about, and the form that they asked with."""
    form = WhenForm(request.GET) if request.GET.get("at") else WhenForm()
    at = form.cleaned_data["at"] if form.is_bound and form.is_valid() else None
    return (at.astimezone(PARIS) if at and SANE_YEARS[0] <= at.year <= SANE_YEARS[1] else None), form


def _people_at(request: PersonRequest, at: datetime) -> list[tuple[Rota, Person | None]]:
    rotas = list(lasting(request.access, at=at))
    found = people_on_call(rotas, at=at)
    return [(rota, found[rota.id]) for rota in rotas]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _mine(person: Person) -> list[tuple[Rota, Any]]:
    now = clock()
    return picture.shifts_of(person, since=now, until=now + timedelta(days=SWAP_DAYS))[:6]


def _swaps(person: Person) -> list[Swap]:
    """What waits for my answer, or for another's to me."""
    waiting = Swap.objects.filter(state=Swap.State.PROPOSED, ends_at__gt=clock()).select_related("rota")
    mine = waiting.filter(asked_to=person) | waiting.filter(asked_by=person)
    return list(mine.select_related("asked_by", "asked_to").order_by("starts_at"))


def _overrides(rotas: Sequence[Rota]) -> list[Override]:
    found = Override.objects.filter(rota__in=rotas, ends_at__gt=clock()).select_related("rota", "person", "made_by")
    return list(found.order_by("starts_at"))


def _override_form(request: PersonRequest, rotas: Sequence[Rota], data: Any) -> OverrideForm | None:
    if not request.access.holds(Permission.MANAGE_ROTAS):
        return None
    people = Person.objects.filter(is_active=True, kind=Person.Kind.HUMAN, duties__isnull=False).distinct()
    return OverrideForm(data, rotas, people, clock().replace(second=0, microsecond=0))


def _swap_form(request: PersonRequest, rotas: Sequence[Rota], data: Any) -> SwapForm | None:
    """For whoever has shifts to give: theirs, the others of the same rotas, and those others' shifts."""
    now = clock()
    until = now + timedelta(days=SWAP_DAYS)
    spans = {rota: plan.spans(now, until) for rota, plan in plans(rotas, since=now, until=until).items()}
    me = request.user.id
    names = {rota.id: rota.name for rota in rotas}
    people = Person.objects.in_bulk({span.person for found in spans.values() for span in found if span.person})
    mine, theirs = [], []
    for rota, found in spans.items():
        for span in (one for one in found if one.person):
            value = f"{rota}/{span.start.isoformat()}/{span.end.isoformat()}"
            when = f"{names[rota]} · {words_of(span.start, span.end)}"
            if span.person == me:
                mine.append((value, when))
            elif span.person in people:
                theirs.append((value, f"{people[span.person].name} · {when}"))
    others = sorted((one for one in people.values() if one.id != me), key=lambda one: one.name)
    return SwapForm(data, mine, theirs, others) if mine and others else None


def _override(request: PersonRequest) -> HttpResponse:
    form = _override_form(request, list(lasting(request.access)), request.POST)
    if form is None:
        raise NotFound
    if not form.is_valid():
        return _board(request, override_form=form)
    found = form.cleaned_data
    services.add_override(
        rota_id=found["rota"], person_id=found["person"], starts_at=found["starts_at"], ends_at=found["ends_at"],
        reason=found["reason"], by=request.user,
    )  # fmt: skip
    return done(request, _("The override holds."))


def _add_rota(request: PersonRequest) -> HttpResponse:
    if not request.access.holds(Permission.MANAGE_ROTAS):
        raise NotFound
    form = RotaForm(request.POST)
    if not form.is_valid():
        return _board(request, rota_form=form)
    found = form.cleaned_data
    made = services.add_rota(name=found["name"], organisation=found["organisation"], by=request.user)
    messages.success(request, _("Added. Say here who takes turns."))
    return redirect("on_call_rota", key=made.key)


def _drop(request: PersonRequest) -> HttpResponse:
    services.drop_override(override_id=_id(request), by=request.user)
    return done(request, _("The override has ended."))


def _swap(request: PersonRequest) -> HttpResponse:
    form = _swap_form(request, list(lasting(request.access)), request.POST)
    if form is None:
        raise NotFound
    if not form.is_valid():
        return _board(request, swap_form=form)
    rota, give = form.cleaned_data["give"]
    services.propose_swap(
        rota_id=rota, asked_to=form.cleaned_data["asked_to"], give=give, take=form.cleaned_data["back"],
        reason=form.cleaned_data["reason"], by=request.user,
    )  # fmt: skip
    return done(request, _("Asked. You will be told the answer."))


def _accept(request: PersonRequest) -> HttpResponse:
    services.answer_swap(swap_id=_id(request), accept=True, by=request.user)
    return done(request, _("Accepted: the shift is yours."))


def _refuse(request: PersonRequest) -> HttpResponse:
    services.answer_swap(swap_id=_id(request), accept=False, by=request.user)
    return done(request, _("Refused; the one who asked is told."))


def _withdraw(request: PersonRequest) -> HttpResponse:
    services.withdraw_swap(swap_id=_id(request), by=request.user)
    return done(request, _("Taken back."))


def _feed(request: PersonRequest) -> HttpResponse:
    """The secret address is shown in this one answer and never again."""
    token = services.new_feed(by=request.user)
    return _board(request, feed=request.build_absolute_uri(reverse("on_call_calendar", kwargs={"token": token})))


def _drop_feed(request: PersonRequest) -> HttpResponse:
    services.drop_feed(by=request.user)
    return done(request, _("The calendar's address is closed."))


def _id(request: PersonRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise NotFound from error


def _nothing(request: PersonRequest) -> HttpResponse:
    raise NotFound


ACTS: dict[str, Callable[[PersonRequest], HttpResponse]] = {
    "override": _override, "drop": _drop, "swap": _swap, "accept": _accept, "refuse": _refuse, "withdraw": _withdraw,
    "feed": _feed, "drop_feed": _drop_feed, "add_rota": _add_rota,
}  # fmt: skip


@require_safe
@never_cache
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's own shifts, for whoever holds the secret address: a telephone's calendar signs in nowhere."""
    person = calendars.owner_of(token)
    if person is None:
        raise Http404
    headers = {"Content-Disposition": 'inline; filename="on-call.ics"'}
    return HttpResponse(calendars.calendar_of(person), content_type="text/calendar; charset=utf-8", headers=headers)
