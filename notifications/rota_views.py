"""One rota: its layers, its name, its end."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from access.http import PersonRequest
from access.models import Person
from journal.errors import NotFound
from notifications import services
from notifications.forms import RotaNameForm, layer_form
from notifications.models import Layer, Rota
from notifications.on_call import visible
from notifications.pages import done, page, shown
from notifications.permissions import Permission


@page(Permission.SEE_ROTAS)
def rota(request: PersonRequest, key: str) -> HttpResponse:
    """`/on-call/<key>/`: a rota's layers, which whoever may changes from now on; its name, and its end."""
    found = visible(request.access).select_related("organisation").filter(key=key).first()
    if found is None:
        raise NotFound
    manages = request.access.allows(Permission.MANAGE_ROTAS, found.audiences)
    if request.method == "POST" and manages:
        return ACTS.get(request.POST.get("act", "layers"), _nothing)(request, found)
    layers, changes = _layers(found), manages and found.ended_at is None
    forms = [layer_form(layer, number) for number, layer in enumerate([*layers, None])] if changes else []
    return _rota(request, found, layers, forms)


def _rota(
    request: PersonRequest, found: Rota, layers: list[Layer], forms: list[Any], name: RotaNameForm | None = None
) -> HttpResponse:
    people = Person.objects.filter(is_active=True, kind=Person.Kind.HUMAN, duties__isnull=False).distinct()
    context = {
        "rota": found, "layers": layers, "forms": forms, "people": people if forms else [],
        "name_form": name or RotaNameForm(initial={"name": found.name}),
    }  # fmt: skip
    return shown(request, "notifications/rota.html", context)


def _layers(found: Rota) -> list[Layer]:
    """Those in force; of a rota that has ended, those that were to its end."""
    layers = found.layers.filter(in_force_until=found.ended_at)
    return list(layers.prefetch_related("turns__person").order_by("place"))


def _set_layers(request: PersonRequest, found: Rota) -> HttpResponse:
    layers = _layers(found)
    forms = [layer_form(layer, number, request.POST) for number, layer in enumerate([*layers, None])]
    kept = [form for form in forms if request.POST.get(f"{form.prefix}-name", "").strip()]
    wrong = [form for form in kept if not form.is_valid()]
    if wrong:
        return _rota(request, found, layers, forms)
    drafts = [form.draft() for form in sorted(kept, key=lambda form: form.cleaned_data["place"])]
    services.set_layers(rota_id=found.id, layers=drafts, by=request.user, version=_version(request))
    return done(request, _("The layers hold from now on; the past stays as it was."))


def _rename(request: PersonRequest, found: Rota) -> HttpResponse:
    form = RotaNameForm(request.POST)
    if not form.is_valid():
        layers = _layers(found)
        return _rota(request, found, layers, [layer_form(one, n) for n, one in enumerate([*layers, None])], form)
    services.rename_rota(
        rota_id=found.id, name=form.cleaned_data["name"], by=request.user, version=_version(request)
    )  # fmt: skip
    return done(request, _("It has another name; policies that call it go on as before."))


def _end(request: PersonRequest, found: Rota) -> HttpResponse:
    services.end_rota(rota_id=found.id, by=request.user, version=_version(request))
    return done(request, _("The rota has ended. Those who took turns are told."))


def _version(request: PersonRequest) -> int:
    """As it was on the page that was sent; nothing sensible is a version that nothing has."""
    told = request.POST.get("version", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else -1


def _nothing(request: PersonRequest, found: Rota) -> HttpResponse:
    raise NotFound


ACTS: dict[str, Callable[[PersonRequest, Rota], HttpResponse]] = {
    "layers": _set_layers, "rename": _rename, "end": _end,
}  # fmt: skip
