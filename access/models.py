import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from access.roles import COMMUNE_BOUND, ROLES, Role


class Organisation(models.Model):
    """Whoever people work for: the metropolis, a commune, a police force, a contractor, the transit operator, the State."""

    class Kind(models.TextChoices):
        METROPOLIS = "metropolis", _("Metropolis")
        COMMUNE = "commune", _("Commune")
        POLICE = "police", _("Police")
        PARTNER = "partner", _("Partner")
        TRANSIT = "transit", _("Transit operator")
        PREFECTURE = "prefecture", _("Prefecture")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    commune = models.CharField(max_length=5, blank=True, help_text=_("INSEE code, for a commune or its police"))

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def audiences(self) -> Sequence[str]:
        """Who sees what is recorded about this organisation."""
        return ("administration", "audit")


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, login: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(login=login.lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # the toolkit has no types
    """A human who signs in, or a machine client. Rights come from duties alone; Django's own flags give none."""

    class Kind(models.TextChoices):
        HUMAN = "human", _("Human")
        MACHINE = "machine", _("Machine")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.CharField(_("login"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.HUMAN)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(max_length=5, default="fr")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people")
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    # Set on a machine client's request: the OAuth scopes its token was given. None: no limit beyond the duties.
    scopes: frozenset[str] | None = None

    class Meta:
        ordering = ("name",)
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.CheckConstraint(condition=Q(is_superuser=False), name="rights_come_from_duties_alone"),
            models.CheckConstraint(condition=Q(login=Lower("login")), name="logins_are_lower_case"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audiences(self) -> Sequence[str]:
        """Who sees what is recorded about this person."""
        return ("administration", "audit", f"person:{self.id}")

    @property
    def is_staff(self) -> bool:
        return False


class Duty(models.Model):
    """(person, role, organisation, communes or all, from, until)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="duties")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="duties")
    communes = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, help_text=_("INSEE codes; empty: all")
    )
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="duty_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="duty_role_is_known"),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(COMMUNE_BOUND)) | ~Q(communes=[]), name="duty_names_its_communes"
            ),
        )
        indexes = (models.Index("person", "valid_from", name="duty_person"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.organisation})"

    @property
    def title(self) -> str:
        return str(ROLES[Role(self.role)].title)


class Session(AbstractBaseSession):
    """A browser, signed in or on its way. Ending a session is deleting its row.

    The columns repeat what the session's own data says (access.sessions keeps them), so that somebody's sessions can be
    found, and the person comes with the session in one query.
    """

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> Any:
        from access.sessions import SessionStore

        return SessionStore


class Client(AbstractApplication):
    """An OAuth 2 client of a machine person; its tokens carry no more than these scopes."""

    scopes = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("scopes"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta(AbstractApplication.Meta):
        verbose_name = _("OAuth client")
        verbose_name_plural = _("OAuth clients")
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(authorization_grant_type=AbstractApplication.GRANT_CLIENT_CREDENTIALS)
                & Q(client_type=AbstractApplication.CLIENT_CONFIDENTIAL),
                name="client_uses_client_credentials",
            ),
            models.CheckConstraint(condition=Q(user__isnull=False), name="client_is_somebody"),
        )

    def is_usable(self, request: Any) -> bool:
        """Whether the toolkit may give it tokens."""
        return self.revoked_at is None and self.user is not None and self.user.is_active


class ApiKey(models.Model):
    """A key for clients that know nothing better (Open311). Only its SHA-256 is kept: it has 256 random bits."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="api_keys")
    label = models.CharField(_("label"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(
        _("last used"), null=True, blank=True, editable=False, help_text=_("to the hour")
    )

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ("label",)

    def __str__(self) -> str:
        return self.label
