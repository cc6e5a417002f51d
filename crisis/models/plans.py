"""Plans as data: `crisis/data/*.toml`, loaded by `manage.py load_world`, until somebody edits a row on `/admin/` (`edited`)."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crisis.functions import Function
from crisis.workflow import Level
from territory.models import Commune


class Bilingual(models.Model):
    label_fr = models.CharField(_("in French"), max_length=160)
    label_en = models.CharField(_("in English"), max_length=160)
    edited = models.BooleanField(_("edited here"), default=False, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "fr").startswith("en") else self.label_fr


class Plan(Bilingual):
    """How a kind of crisis is run: one commune's PCS, the metropolis's PICS, or one theme of it."""

    class Kind(models.TextChoices):
        COMMUNAL = "pcs", _("Communal (PCS)")
        INTERCOMMUNAL = "pics", _("Intercommunal (PICS)")
        THEME = "theme", _("Themed")

    key = models.CharField(_("key"), max_length=40, primary_key=True)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    theme = models.CharField(_("theme"), max_length=20, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    levels = ArrayField(models.CharField(max_length=10, choices=Level))
    briefing_minutes = models.PositiveSmallIntegerField(default=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("position", "key")
        default_permissions = ()
        verbose_name = _("crisis plan")
        verbose_name_plural = _("crisis plans")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="pcs", commune__isnull=False) | (~Q(kind="pcs") & Q(commune=None)),
                name="plan_of_a_commune_names_it",
            ),
        )


class PlanFunction(models.Model):
    """A function that a plan foresees; from `required_from` on it has to be filled."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="functions")
    function = models.CharField(_("function"), max_length=30, choices=Function)
    required_from = models.CharField(_("to be filled from"), max_length=10, choices=Level, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ("position",)
        default_permissions = ()
        verbose_name = _("function of the plan")
        verbose_name_plural = _("functions of the plan")
        constraints = (models.UniqueConstraint("plan", "function", name="plan_function_once"),)

    def __str__(self) -> str:
        return str(Function(self.function).label)


class ActionCard(Bilingual):
    """Fiche réflexe: a checklist for one function and one kind of crisis (theme empty: any).

    `items`: `[{"key", "text_fr", "text_en", "minutes"}]`, minutes from injection until due (0: no due time). A cell
    takes a copy, so a new version here changes nothing that is running.
    """

    key = models.CharField(_("key"), max_length=60, primary_key=True)
    theme = models.CharField(_("theme"), max_length=20, blank=True)
    function = models.CharField(_("function"), max_length=30, choices=Function)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    items: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("position", "key")
        default_permissions = ()
        verbose_name = _("action card")
        verbose_name_plural = _("action cards")


class Contact(models.Model):
    """Whom to reach under a plan. Names and numbers stay on this row, never in the journal."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="contacts", verbose_name=_("crisis plan"))
    key = models.CharField(_("key"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=160, blank=True)
    function = models.CharField(_("function"), max_length=30, choices=Function, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)
    edited = models.BooleanField(_("edited here"), default=False, editable=False)

    class Meta:
        ordering = ("position", "id")
        default_permissions = ()
        verbose_name = _("contact of a plan")
        verbose_name_plural = _("contacts of the plans")
        constraints = (models.UniqueConstraint("plan", "key", name="plan_contact_once"),)

    def __str__(self) -> str:
        return self.name
