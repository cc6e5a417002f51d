"""The editor of thresholds: when an event or a zone reaches one, a report to the prefecture is drafted."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from access.admin import asking
from access.admin_site import PostAdmin
from incidents.workflow import Priority
from prefecture.models import Criterion
from prefecture.services.judging import faults, save_criterion

if TYPE_CHECKING:
    CriterionModelForm = forms.ModelForm[Criterion]
else:
    CriterionModelForm = forms.ModelForm

WIDE = forms.TextInput(attrs={"size": 80})


class CriterionForm(CriterionModelForm):
    categories = SimpleArrayField(
        forms.CharField(max_length=60), required=False, label=gettext_lazy("categories"), widget=WIDE,
        help_text=gettext_lazy("keys, separated by commas; a branch holds its leaves; none: any"),
    )  # fmt: skip
    words = SimpleArrayField(
        forms.CharField(max_length=80), required=False, label=gettext_lazy("words"), widget=WIDE,
        help_text=gettext_lazy("in the title or address, separated by commas; none: any"),
    )  # fmt: skip
    priorities = forms.MultipleChoiceField(
        label=gettext_lazy("priorities"), required=False, choices=Priority.choices, help_text=gettext_lazy("none: any"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Criterion
        fields = (
            *("key", "label_fr", "label_en", "fact", "categories", "priorities", "words", "after_minutes", "over"),
            "active",
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            plain = {name: data[name] for name in self.Meta.fields if name in data and name != "key"}
            for name, said in faults(Criterion(**plain)).items():
                self.add_error(name, said)
        return data


@admin.register(Criterion)
class CriterionAdmin(PostAdmin):
    form = CriterionForm
    list_display = ("label", "fact", "after_minutes", "over", "active")
    list_filter = ("active", "fact")
    search_fields = ("key", "label_fr", "label_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Criterion, form: Any, change: bool) -> None:
        save_criterion(criterion=obj, by=asking(request))
