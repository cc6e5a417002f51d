"""Contracts, checklists and vehicles on `/admin/`: saving hands the row to a service, which puts it on record; and what
became of the messages to partners' systems."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from access.admin import asking, for_each
from access.admin_site import PostAdmin
from incidents.models import Category
from interventions.models import Checklist, Contract, Delivery, Vehicle
from interventions.services.agreeing import Point, publish_checklist, save_contract, save_vehicle
from interventions.services.linking import send_again
from territory.models import Commune

if TYPE_CHECKING:
    ContractModelForm = forms.ModelForm[Contract]
    ChecklistModelForm = forms.ModelForm[Checklist]
else:
    ContractModelForm = ChecklistModelForm = forms.ModelForm
NEEDED, PROVED = "!", "#photo"


class ContractForm(ContractModelForm):
    communes = forms.MultipleChoiceField(
        label=_("communes"), required=False, help_text=_("none: any"),
        choices=lambda: [(one.insee, one.name) for one in Commune.objects.order_by("name")],
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        label=_("categories"), required=False, help_text=_("none: any"),
        choices=lambda: [(one.key, f"{one.key} · {one.label}") for one in Category.objects.order_by("key")],
    )  # fmt: skip

    class Meta:
        model = Contract
        fields = (
            *("organisation", "title", "communes", "categories", "response_minutes", "repair_minutes"),
            *("valid_from", "valid_until"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("It ends after it starts."))
        return data


@admin.register(Contract)
class ContractAdmin(PostAdmin):
    form = ContractForm
    list_display = ("title", "organisation", "response_minutes", "repair_minutes", "valid_from", "valid_until")
    list_select_related = ("organisation",)
    search_fields = ("title",)
    autocomplete_fields = ("organisation",)

    def save_model(self, request: HttpRequest, obj: Contract, form: Any, change: bool) -> None:
        save_contract(contract=obj, by=asking(request))


@admin.register(Vehicle)
class VehicleAdmin(PostAdmin):
    fields = ("code", "label", "organisation", "tracker", "active")
    list_display = ("code", "label", "organisation", "tracker", "active", "seen_at")
    list_filter = ("organisation", "active")
    list_select_related = ("organisation",)
    search_fields = ("code", "label", "tracker")
    autocomplete_fields = ("organisation",)

    def save_model(self, request: HttpRequest, obj: Vehicle, form: Any, change: bool) -> None:
        save_vehicle(vehicle=obj, by=asking(request))


class ChecklistForm(ChecklistModelForm):
    lines = forms.CharField(
        label=_("items"), widget=forms.Textarea(attrs={"rows": 12, "cols": 70}),
        help_text=_("One per line. “!” before it: left out only with a reason. “#photo” after it: proved by a picture."),
    )  # fmt: skip

    class Meta:
        model = Checklist
        fields = ("category", "title")

    def clean_lines(self) -> list[Point]:
        points = [point_of(line) for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if not 0 < len(points) <= 40 or any(not point.text for point in points):
            raise forms.ValidationError(_("One item at least, forty at most."))
        return points


def point_of(line: str) -> Point:
    text, proved = line.strip(), line.strip().endswith(PROVED)
    text = text.removesuffix(PROVED).strip()
    return Point(text.removeprefix(NEEDED).strip()[:200], text.startswith(NEEDED), proved)


@admin.register(Checklist)
class ChecklistAdmin(PostAdmin):
    """Each is one version and never changes; a new one takes its place."""

    form = ChecklistForm
    list_display = ("title", "version", "category", "made_at")
    list_select_related = ("category",)
    search_fields = ("title", "category__key")
    autocomplete_fields = ("category",)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("category", "title", "version", "shown") if obj else ("category", "title", "lines")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("version", "shown") if obj else ()

    @admin.display(description=_("items"))
    def shown(self, checklist: Checklist) -> str:
        return "\n".join(
            " ".join(filter(None, (NEEDED * bool(item.get("needed")), item["text"], PROVED * bool(item.get("photo")))))
            for item in checklist.items
        )

    def save_model(self, request: HttpRequest, obj: Checklist, form: Any, change: bool) -> None:
        told = cast("dict[str, Any]", form.cleaned_data)
        made = publish_checklist(
            category=told["category"], title=told["title"], points=told["lines"], by=asking(request)
        )
        obj.pk, obj.version = made.pk, made.version


@admin.register(Delivery)
class DeliveryAdmin(PostAdmin):
    """To look at, not their content: dead letters stay until somebody sends them again, here or by the API."""

    fields = list_display = ("kind", "organisation", "made_at", "attempts", "delivered_at", "dead_at", "failure")
    list_filter = (("dead_at", admin.EmptyFieldListFilter), "webhook__organisation", "kind")
    list_select_related = ("webhook__organisation",)
    ordering = ("-made_at",)
    actions = ("send_again",)

    @admin.action(description=_("Send again"))
    def send_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        by = asking(request)
        for_each(request, chosen, lambda one: send_again(webhook_id=one.webhook_id, delivery_id=one.id, by=by))

    @admin.display(description=_("organisation"))
    def organisation(self, delivery: Delivery) -> str:
        return str(delivery.webhook.organisation)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
