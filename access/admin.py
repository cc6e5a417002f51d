"""People, organisations, duties, machines' keys. Every write goes through a service, and so into the journal."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from access import factors, keys, services
from access.admin_forms import ClientForm, DutyForm, PersonForm, only_machines
from access.admin_site import PostAdmin
from access.models import ApiKey, Client, Duty, Organisation, Person
from journal.errors import Problem
from journal.services import writing

if TYPE_CHECKING:
    DutyTable = admin.TabularInline[Duty, Person]
else:
    DutyTable = admin.TabularInline


def asking(request: HttpRequest) -> Person:
    return cast("Person", request.user)


def for_each(request: HttpRequest, chosen: QuerySet[Any], act: Callable[[Any], object]) -> None:
    """Do it to each; say how many went well, and why the others did not."""
    done = 0
    for one in chosen:
        try:
            act(one)
            done += 1
        except Problem as problem:
            messages.error(request, f"{one}: {problem.detail}")
    messages.success(request, ngettext("%(count)d changed.", "%(count)d changed.", done) % {"count": done})


class DutyInline(DutyTable):
    """What somebody holds and held; given and ended on the duties' own page."""

    model = Duty
    fields = readonly_fields = ("role", "organisation", "communes", "valid_from", "valid_until")
    extra = 0
    can_delete = False
    ordering = ("-valid_from",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)


@admin.register(Person)
class PersonAdmin(PostAdmin):
    form = PersonForm
    list_display = ("name", "login", "kind", "organisation", "is_active", "last_login")
    list_filter = ("is_active", "kind", "organisation__kind")
    list_select_related = ("organisation",)
    search_fields = ("name", "login")
    actions = ("end_sessions", "disable", "enable", "remove_second_factors")
    inlines = (DutyInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("login", "kind") if obj else ("is_active",)

    def save_model(self, request: HttpRequest, obj: Person, form: PersonForm, change: bool) -> None:
        by, data = asking(request), form.cleaned_data
        fields = {name: data[name] for name in ("name", "email", "language", "organisation")}
        if not change:
            given = {"login": data["login"], "kind": data["kind"], "password": data["new_password"] or None}
            obj.pk = services.create_person(**given, **fields, by=by).pk
            return
        with writing(by):
            person = Person.objects.get(pk=obj.pk)
            if set(form.changed_data) & set(fields):
                services.edit_person(person=person, by=by, **fields)
            if "is_active" in form.changed_data:
                services.set_active(person=person, active=data["is_active"], by=by)
            if data["new_password"]:
                services.set_password(person=person, password=data["new_password"], by=by)

    @admin.action(description=gettext_lazy("End all sessions"))
    def end_sessions(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        for_each(request, chosen, lambda person: services.end_sessions(person=person, by=asking(request)))

    @admin.action(description=gettext_lazy("Disable, and end all sessions"))
    def disable(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        for_each(request, chosen, lambda person: services.set_active(person=person, active=False, by=asking(request)))

    @admin.action(description=gettext_lazy("Let in again"))
    def enable(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        for_each(request, chosen, lambda person: services.set_active(person=person, active=True, by=asking(request)))

    @admin.action(description=gettext_lazy("Remove second factors and passkeys, and end all sessions"))
    def remove_second_factors(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        for_each(request, chosen, lambda person: factors.remove_all(person=person, by=asking(request)))


@admin.register(Organisation)
class OrganisationAdmin(PostAdmin):
    list_display = ("name", "key", "kind", "commune")
    list_filter = ("kind",)
    search_fields = ("name", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        services.save_organisation(organisation=obj, by=asking(request))


class Given(PostAdmin):
    """A thing that is given and later ended, never edited."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Duty)
class DutyAdmin(Given):
    form = DutyForm
    list_display = ("person", "title", "organisation", "communes", "valid_from", "valid_until")
    list_filter = ("role", "organisation__kind")
    list_select_related = ("person", "organisation")
    search_fields = ("person__name", "person__login")
    autocomplete_fields = ("person", "organisation")
    actions = ("end",)
    ordering = ("-valid_from",)

    @admin.display(description=gettext_lazy("duty"), ordering="role")
    def title(self, duty: Duty) -> str:
        return duty.title

    def save_model(self, request: HttpRequest, obj: Duty, form: DutyForm, change: bool) -> None:
        obj.pk = services.give_duty(**form.cleaned_data, by=asking(request)).pk

    @admin.action(description=gettext_lazy("End now"))
    def end(self, request: HttpRequest, chosen: QuerySet[Duty]) -> None:
        for_each(request, chosen, lambda duty: services.end_duty(duty_id=duty.id, by=asking(request)))


class Secret(Given):
    """A key of a machine: told once, when it is made."""

    def tell(self, request: HttpRequest, secret: str) -> None:
        said = _("Copy this now, it is not shown again: %(secret)s") % {"secret": secret}
        messages.warning(request, said)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        return None


@admin.register(Client)
class ClientAdmin(Secret):
    form = ClientForm
    fields = ("user", "name", "scopes", "client_id", "created", "revoked_at")
    readonly_fields = ("client_id", "created", "revoked_at")
    list_display = ("name", "user", "scopes", "created", "revoked_at")
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: Client, form: ClientForm, change: bool) -> None:
        data = form.cleaned_data
        made, secret = keys.create_client(
            person=data["user"], name=data["name"], scopes=data["scopes"], by=asking(request)
        )
        obj.pk = made.pk
        self.tell(request, f"client_id={made.client_id} client_secret={secret}")

    @admin.action(description=gettext_lazy("Revoke"))
    def revoke(self, request: HttpRequest, chosen: QuerySet[Client]) -> None:
        for_each(request, chosen, lambda one: keys.revoke_client(client_id=one.client_id, by=asking(request)))


@admin.register(ApiKey)
class ApiKeyAdmin(Secret):
    fields = ("person", "label", "created_at", "revoked_at", "last_used_at")
    readonly_fields = ("created_at", "revoked_at", "last_used_at")
    list_display = ("label", "person", "created_at", "revoked_at", "last_used_at")
    actions = ("revoke",)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "person" in form.base_fields:
            only_machines(form.base_fields["person"])
        return form

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        made, secret = keys.create_api_key(
            person=form.cleaned_data["person"], label=form.cleaned_data["label"], by=asking(request)
        )
        obj.pk = made.pk
        self.tell(request, secret)

    @admin.action(description=gettext_lazy("Revoke"))
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for_each(request, chosen, lambda one: keys.revoke_api_key(key_id=one.id, by=asking(request)))
