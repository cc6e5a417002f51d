from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access import registry
from access.models import Client, Duty, Organisation, Person
from access.roles import ROLES

if TYPE_CHECKING:
    PersonModelForm = forms.ModelForm[Person]
    DutyModelForm = forms.ModelForm[Duty]
    ClientModelForm = forms.ModelForm[Client]
else:
    PersonModelForm = DutyModelForm = ClientModelForm = forms.ModelForm


class PersonForm(PersonModelForm):
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    new_password = forms.CharField(
        label=_("new password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Tell it to the person by another way; their other sessions end."),
    )

    class Meta:
        model = Person
        fields = ("login", "name", "kind", "email", "language", "organisation", "is_active")

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).lower()

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        if password:
            validate_password(password, self.instance)
        return password


class DutyForm(DutyModelForm):
    role = forms.ChoiceField(label=_("duty"), choices=[(role.value, spec.title) for role, spec in ROLES.items()])
    communes = SimpleArrayField(
        forms.CharField(max_length=5),
        label=_("communes"),
        required=False,
        help_text=_("INSEE codes, separated by commas; empty: all"),
    )
    valid_from = forms.SplitDateTimeField(label=_("from"), required=False, help_text=_("empty: now"))

    class Meta:
        model = Duty
        fields = ("person", "role", "organisation", "communes", "valid_from", "valid_until")

    def clean_communes(self) -> list[str]:
        codes = sorted(set(self.cleaned_data["communes"] or []))
        known = set(Organisation.objects.filter(commune__in=codes).values_list("commune", flat=True))
        if unknown := [code for code in codes if code not in known]:
            raise ValidationError(gettext("No such commune: %(codes)s.") % {"codes": ", ".join(unknown)})
        return codes

    def clean_valid_from(self) -> Any:
        return self.cleaned_data["valid_from"] or timezone.now()


class ClientForm(ClientModelForm):
    scopes = forms.MultipleChoiceField(label=_("scopes"), choices=lambda: [(name, name) for name in registry.scopes()])

    class Meta:
        model = Client
        fields = ("user", "name", "scopes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.client_type = Client.CLIENT_CONFIDENTIAL
        self.instance.authorization_grant_type = Client.GRANT_CLIENT_CREDENTIALS
        if "user" in self.fields:
            only_machines(self.fields["user"])


def only_machines(field: Any) -> None:
    """Let a choice of person offer machines only, and ask for one."""
    field.queryset = Person.objects.filter(kind=Person.Kind.MACHINE)
    field.required = True
    field.label = _("machine")
