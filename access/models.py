import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.roles import COMMUNE_BOUND, Role


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


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, login: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(login=login, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, PermissionsMixin):
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
        verbose_name_plural = "duties"
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
        return f"{self.role} ({self.organisation})"
