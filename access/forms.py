from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddKeyForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthEditKeyForm
from django.forms import ValidationError
from django.utils.translation import gettext_lazy as _

from access.signing_in import record_throttled


class LoginForm(AllauthLoginForm):
    """Login and password, in this house's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Login")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].help_text = ""


class AuthenticateForm(AllauthAuthenticateForm):
    """The second factor's code."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError as refused:
            if refused.code == "too_many_login_attempts":
                record_throttled(source=str(self.user.pk), person=self.user, method="mfa")
            raise


class AddKeyForm(AllauthAddKeyForm):
    """A new passkey or security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class EditKeyForm(AllauthEditKeyForm):
    """Its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
