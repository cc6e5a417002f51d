"""The editors of policies and procedures: saving publishes a version; a preview shows what would be published."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.admin import asking
from access.admin_site import PostAdmin
from incidents import following
from incidents.models import Policy, PolicyStep, Procedure, ProcedureStep
from incidents.services.publishing import (
    frozen_policy_of,
    frozen_procedure,
    save_policy,
    save_procedure,
    wrong_step,
)
from incidents.workflow import Priority
from notifications.models import Rota
from territory.models import Commune

if TYPE_CHECKING:
    PolicyModelForm = forms.ModelForm[Policy]
    StepModelForm = forms.ModelForm[PolicyStep]
    PolicyStack = admin.StackedInline[PolicyStep, Policy]
    ProcedureStack = admin.StackedInline[ProcedureStep, Procedure]
else:
    PolicyModelForm = StepModelForm = forms.ModelForm
    PolicyStack = ProcedureStack = admin.StackedInline


class Steps:
    """Lines of an editor: whoever may edit the whole may add, change and take away."""

    extra = 1

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the pencils and crosses beside a choice: other rows are edited on their own pages."""
        if isinstance(db_field, models.TextField):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "cols": 70})
        field = cast("Any", super()).formfield_for_dbfield(db_field, request, **kwargs)
        for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if field is not None and hasattr(field.widget, name):
                setattr(field.widget, name, False)
        return field

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(cast("Any", self).admin_site.has_permission(request))

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission = _may


class Published(PostAdmin):
    """Saving the page hands the row and its lines to a service, which publishes them as a version."""

    change_form_template = "incidents/admin/editor.html"
    preview_template = ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """With its lines, in `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        version = self.publish(request, form.instance, steps_of(formsets))
        messages.success(request, _("Published as version %(number)d.") % {"number": version.number})

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        return []  # the journal is the log

    def publish(self, request: HttpRequest, obj: Any, steps: list[Any]) -> Any:
        raise NotImplementedError

    def frozen(self, obj: Any, steps: list[Any]) -> Any:
        raise NotImplementedError

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview)
        return [
            path("preview/", view, name=f"incidents_{self.opts.model_name}_preview_new"),
            path("<path:object_id>/preview/", view, name=f"incidents_{self.opts.model_name}_preview"),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """What would be published, from what stands in the form; nothing is saved."""
        obj = self.get_object(request, object_id) if object_id else None
        form = self.get_form(request, obj, change=obj is not None)(request.POST or None, instance=obj)
        good = form.is_valid()
        formsets, _inlines = cast("Any", self)._create_formsets(request, form.instance, change=obj is not None)
        for formset in formsets:
            good = formset.is_valid() and good
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "formsets": formsets,
            "shown": self.frozen(form.instance, steps_of(formsets)) if good else None,
        }
        return TemplateResponse(request, self.preview_template, context)


def steps_of(formsets: Any) -> list[Any]:
    """The lines that stand in the form, without those taken away and those left empty."""
    forms_ = [form for formset in formsets for form in formset.forms]
    return [form.instance for form in forms_ if form.cleaned_data and not form.cleaned_data.get("DELETE")]


class PolicyForm(PolicyModelForm):
    priorities = forms.MultipleChoiceField(
        label=capfirst(gettext_lazy("priorities")), required=False, choices=Priority.choices, help_text=gettext_lazy("none: any"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    communes = forms.MultipleChoiceField(
        label=capfirst(gettext_lazy("communes")), required=False, help_text=gettext_lazy("none: any"),
        choices=lambda: [(one.insee, one.name) for one in Commune.objects.order_by("name")],
    )  # fmt: skip

    class Meta:
        model = Policy
        fields = (
            *("key", "name", "category", "priorities", "communes", "organisation", "calendar", "untouched", "active"),
        )


class PolicyStepForm(StepModelForm):
    rota = forms.ChoiceField(
        label=capfirst(gettext_lazy("rota")), required=False,
        choices=lambda: [("", "—"), *((one.key, one.name) for one in Rota.objects.filter(ended_at=None))],
    )  # fmt: skip

    class Meta:
        model = PolicyStep
        fields = ("after", "act", "role", "rota", "person", "organisation", "priority", "other", "vital")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept, field = self.instance.rota, cast("Any", self.fields["rota"])
        if kept and kept not in dict(field.choices):  # the rota of this key is gone, or does not exist yet
            field.choices = [*field.choices, (kept, kept)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("act") and data.get("after") is not None:
            told = {name: data.get(name) for name in self.Meta.fields}
            for name, sentences in wrong_step(PolicyStep(**told)).items():
                self.add_error(name, sentences)
        return data


class PolicySteps(Steps, PolicyStack):
    model = PolicyStep
    form = PolicyStepForm
    fk_name = "policy"
    fields = (("after", "act", "vital"), ("role", "rota", "person"), ("organisation", "priority", "other"))
    autocomplete_fields = ("person", "organisation")


@admin.register(Policy)
class PolicyAdmin(Published):
    form = PolicyForm
    inlines = (PolicySteps,)
    list_display = ("name", "key", "category", "priorities", "calendar", "active", "number")
    list_filter = ("active", "calendar")
    list_select_related = ("category", "current")
    search_fields = ("key", "name")
    autocomplete_fields = ("category", "organisation")
    preview_template = "incidents/admin/policy.html"

    class Media:
        js = (forms.Script("js/admin-policy.js", type="module"),)

    @admin.display(description=gettext_lazy("version"))
    def number(self, policy: Policy) -> int:
        return policy.current.number if policy.current else 0

    def publish(self, request: HttpRequest, obj: Policy, steps: list[PolicyStep]) -> Any:
        return save_policy(policy=obj, steps=steps, by=asking(request))

    def frozen(self, obj: Policy, steps: list[PolicyStep]) -> Any:
        shown = frozen_policy_of(obj, steps)
        rotas = following.rota_names()
        return {"policy": shown, "steps": [(step, following.words_of(step, rotas)) for step in shown.steps]}


class ProcedureSteps(Steps, ProcedureStack):
    model = ProcedureStep
    fields = (("position", "who", "within"), "what", ("phones", "links"))


@admin.register(Procedure)
class ProcedureAdmin(Published):
    fields = ("key", "name", "category", "season", "purpose", "active")
    inlines = (ProcedureSteps,)
    list_display = ("name", "key", "category", "season", "active", "number")
    list_filter = ("active", "season")
    list_select_related = ("category", "current")
    search_fields = ("key", "name")
    autocomplete_fields = ("category",)
    preview_template = "incidents/admin/procedure.html"

    @admin.display(description=gettext_lazy("version"))
    def number(self, procedure: Procedure) -> int:
        return procedure.current.number if procedure.current else 0

    def publish(self, request: HttpRequest, obj: Procedure, steps: list[ProcedureStep]) -> Any:
        return save_procedure(procedure=obj, steps=steps, by=asking(request))

    def frozen(self, obj: Procedure, steps: list[ProcedureStep]) -> Any:
        return frozen_procedure(obj, steps)
