"""Plans, action cards, contacts and sensitive sites on `/admin/`: saving hands the row to a service, which puts it on record."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from access.admin import asking
from access.admin_site import PostAdmin
from crisis.models import ActionCard, Contact, Plan, PlanFunction, SensitiveSite
from crisis.services.keeping import (
    MOST_ITEMS,
    Item,
    save_card,
    save_contact,
    save_plan,
    save_site,
    wrong_functions,
    wrong_plan,
)
from crisis.workflow import RUNNING
from incidents.admin_rules import Steps, steps_of
from territory.selectors import commune_at

if TYPE_CHECKING:
    PlanModelForm = forms.ModelForm[Plan]
    CardModelForm = forms.ModelForm[ActionCard]
    ContactModelForm = forms.ModelForm[Contact]
    SiteModelForm = forms.ModelForm[SensitiveSite]
    FunctionSet = forms.BaseInlineFormSet[PlanFunction, Plan, forms.ModelForm[PlanFunction]]
    FunctionTable = admin.TabularInline[PlanFunction, Plan]
else:
    PlanModelForm = CardModelForm = ContactModelForm = SiteModelForm = forms.ModelForm
    FunctionSet, FunctionTable = forms.BaseInlineFormSet, admin.TabularInline
BETWEEN = "|"
WIDE = forms.TextInput(attrs={"size": 80})


class Kept(PostAdmin):
    """A row that `load_world` brought or somebody added; its key never changes."""

    fixed: tuple[str, ...] = ("key",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fixed if obj else ()


class PlanForm(PlanModelForm):
    key = forms.SlugField(label=capfirst(_("key")), max_length=40)
    levels = forms.MultipleChoiceField(
        label=capfirst(_("levels")), choices=[(one.value, one.label) for one in RUNNING],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    briefing_minutes = forms.IntegerField(
        label=capfirst(_("minutes between briefings")), min_value=10, max_value=1440, initial=60
    )

    class Meta:
        model = Plan
        fields = (
            *("key", "kind", "theme", "commune", "label_fr", "label_en", "levels", "briefing_minutes", "position"),
            "active",
        )
        widgets = {"label_fr": WIDE, "label_en": WIDE}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            names = (
                "kind",
                "theme",
                "commune",
                "levels",
            )  # on a plan that is there already, all but the last are fixed
            told = {name: data[name] if name in data else getattr(self.instance, name) for name in names}
            for name, said in wrong_plan(Plan(**told)).items():
                self.add_error(name, said)
        return data


class Functions(FunctionSet):
    """The lines of a plan, held against the plan as the form has it."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        wrong = wrong_functions(self.instance, steps_of([self]))
        if wrong:
            raise forms.ValidationError([*wrong.values()])


class PlanFunctions(Steps, FunctionTable):
    model = PlanFunction
    formset = Functions
    fields = ("function", "required_from", "position")


@admin.register(Plan)
class PlanAdmin(Kept):
    form = PlanForm
    inlines = (PlanFunctions,)
    fixed = ("key", "kind", "theme", "commune")
    list_display = ("label", "key", "kind", "theme", "commune", "active", "edited")
    list_filter = ("kind", "active")
    list_select_related = ("commune",)
    search_fields = ("key", "label_fr", "label_en")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """With its functions, in `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        save_plan(plan=form.instance, functions=steps_of(formsets), by=asking(request))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        return []  # the journal is the log


class CardForm(CardModelForm):
    key = forms.SlugField(label=capfirst(_("key")), max_length=60)
    theme = forms.ChoiceField(
        label=capfirst(_("theme")), required=False,
        choices=lambda: [
            ("", _("every plan")), *((one.theme, one.label) for one in Plan.objects.filter(kind=Plan.Kind.THEME))
        ],
    )  # fmt: skip
    lines = forms.CharField(
        label=capfirst(_("items")), widget=forms.Textarea(attrs={"rows": 14, "cols": 110}),
        help_text=_("One per line: minutes until due (0: none) | in French | in English."),
    )  # fmt: skip

    class Meta:
        model = ActionCard
        fields = ("key", "theme", "function", "label_fr", "label_en", "position", "active")
        widgets = {"label_fr": WIDE, "label_en": WIDE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ([str(item["minutes"]), item["text_fr"], item["text_en"]] for item in self.instance.items)
        self.fields["lines"].initial = "\n".join(f" {BETWEEN} ".join(row) for row in rows)

    def clean_lines(self) -> list[Item]:
        found = [item_of(line) for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        items = [item for item in found if item is not None]
        if len(items) < len(found):
            raise forms.ValidationError(_("Write each line as: 30 | en français | in English."))
        if not 0 < len(items) <= MOST_ITEMS:
            raise forms.ValidationError(_("One item at least, forty at most."))
        return items


def item_of(line: str) -> Item | None:
    """None for a line that is not one."""
    parts = [part.strip() for part in line.split(BETWEEN)]
    if len(parts) != 3 or not all(parts) or not (parts[0].isdecimal() and len(parts[0]) <= 4):
        return None
    return Item(text_fr=parts[1][:200], text_en=parts[2][:200], minutes=int(parts[0]))


@admin.register(ActionCard)
class CardAdmin(Kept):
    form = CardForm
    fields = ("key", "theme", "function", "label_fr", "label_en", "lines", "position", "active")
    list_display = ("label", "key", "function", "theme", "version", "active", "edited")
    list_filter = ("theme", "function", "active")
    search_fields = ("key", "label_fr", "label_en")

    def save_model(self, request: HttpRequest, obj: ActionCard, form: Any, change: bool) -> None:
        save_card(card=obj, items=cast("list[Item]", form.cleaned_data["lines"]), by=asking(request))


class ContactForm(ContactModelForm):
    key = forms.SlugField(label=capfirst(_("key")), max_length=60)

    class Meta:
        model = Contact
        fields = ("plan", "key", "name", "role", "function", "phone", "email", "position", "active")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("phone") and not data.get("email"):
            self.add_error("phone", _("A telephone number or an address is needed."))
        return data


@admin.register(Contact)
class ContactAdmin(Kept):
    form = ContactForm
    fixed = ("plan", "key")
    list_display = ("name", "role", "plan", "function", "active", "edited")
    list_filter = ("active", "function")
    list_select_related = ("plan",)
    search_fields = ("name", "role", "plan__key", "plan__label_fr")
    autocomplete_fields = ("plan",)

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        save_contact(contact=obj, by=asking(request))


class SiteForm(SiteModelForm):
    key = forms.SlugField(label=capfirst(_("key")), max_length=60)
    lat = forms.FloatField(label=capfirst(_("latitude")), min_value=-90, max_value=90)
    lon = forms.FloatField(label=capfirst(_("longitude")), min_value=-180, max_value=180)

    class Meta:
        model = SensitiveSite
        fields = ("key", "kind", "label_fr", "label_en", "lat", "lon", "people", "phone", "active")
        widgets = {"label_fr": WIDE, "label_en": WIDE}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and commune_at(data["lat"], data["lon"]) is None:
            self.add_error("lat", _("This point lies outside the metropolis."))
        return data


@admin.register(SensitiveSite)
class SiteAdmin(Kept):
    form = SiteForm
    list_display = ("label", "kind", "commune", "people", "active", "edited")
    list_filter = ("kind", "active", "commune")
    list_select_related = ("commune",)
    search_fields = ("key", "label_fr", "label_en")

    def save_model(self, request: HttpRequest, obj: SensitiveSite, form: Any, change: bool) -> None:
        save_site(site=obj, by=asking(request))
