import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, Person
from access.roles import POLICE, RESTRICTED
from incidents.workflow import OPEN, Priority, Sensitivity, Source, Status
from territory.models import Commune

SECURITY = "public_safety"


class Category(models.Model):
    """A leaf or branch of the tree of what can happen. `key` is dotted: `lighting.street_light_out`."""

    key = models.CharField(max_length=60, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    label_fr = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    default_priority = models.CharField(max_length=2, choices=Priority, default=Priority.P3)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    first_response_minutes = models.PositiveIntegerField(default=60)
    resolution_minutes = models.PositiveIntegerField(default=2880)
    public = models.BooleanField(default=False, help_text=_("citizens may report it and see it"))
    keywords = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("position",)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "fr").startswith("en") else self.label_fr

    @property
    def branch(self) -> str:
        """The top-level key it belongs to."""
        return self.key.partition(".")[0]


class Counter(models.Model):
    """Last incident number given in a year; its row lock makes numbers gap-free."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()


class Incident(models.Model):
    """What happened, where, how urgent, who owns it. Reporters' words and names live on its reports only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DECLARED)
    priority = models.CharField(max_length=2, choices=Priority)
    sensitivity = models.CharField(max_length=10, choices=Sensitivity, default=Sensitivity.NORMAL)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=15, choices=Source)
    lat = models.FloatField()
    lon = models.FloatField()
    address = models.CharField(max_length=200, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    assignee = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    occurred_at = models.DateTimeField(help_text=_("event time"))
    declared_at = models.DateTimeField(help_text=_("entry time"))
    acknowledged_at = models.DateTimeField(null=True)
    qualified_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    response_due = models.DateTimeField(null=True)
    resolution_due = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    reports_count = models.PositiveIntegerField(default=1)
    from_public = models.BooleanField(default=False, help_text=_("a citizen reported it: shown, nameless, to citizens"))
    audiences = ArrayField(models.TextField())
    search = models.TextField(help_text=_("plain words to look it up by"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-declared_at", "-id")
        default_permissions = ()
        permissions = (("see_incident", "Is named on this restricted incident"),)
        constraints = (
            models.CheckConstraint(condition=Q(status__in=Status.values), name="incident_status_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="incident_priority_known"),
            models.CheckConstraint(condition=Q(sensitivity__in=Sensitivity.values), name="incident_sensitivity_known"),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False)
                | (~Q(status=Status.MERGED) & Q(merged_into=None)),
                name="incident_merged_somewhere",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="incident_not_into_itself"),
            models.CheckConstraint(condition=~Q(audiences=[]), name="incident_has_audience"),
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180), name="incident_on_earth"
            ),
        )
        indexes = (
            models.Index(fields=["-declared_at", "-id"], name="incident_order"),
            models.Index(fields=["commune", "-declared_at", "-id"], name="incident_commune"),
            models.Index(fields=["organisation", "-declared_at", "-id"], name="incident_organisation"),
            models.Index(fields=["-declared_at", "-id"], name="incident_open", condition=Q(status__in=OPEN)),
            models.Index(
                fields=["assignee", "-declared_at"], name="incident_assignee", condition=Q(assignee__isnull=False)
            ),
            models.Index("merged_into", name="incident_merged", condition=Q(merged_into__isnull=False)),
            GinIndex("audiences", name="incident_named", condition=Q(sensitivity=Sensitivity.RESTRICTED)),
            GinIndex(fields=["search"], name="incident_search", opclasses=["gin_trgm_ops"]),
        )

    def __str__(self) -> str:
        return self.reference

    def compute_audiences(self) -> list[str]:
        """Who may see it: everyone of the post, the commune and the owner; or, restricted, named people and police."""
        if self.sensitivity == Sensitivity.RESTRICTED:
            names = [f"incident:{self.id}", RESTRICTED]
            if self.category_id.partition(".")[0] == SECURITY:
                names += [POLICE, f"{POLICE}:{self.commune_id}"]
            return sorted(names)
        names = ["post", f"commune:{self.commune_id}"]
        if self.organisation_id:
            names.append(f"organisation:{self.organisation_id}")
        if self.from_public and self.category.public:
            names.append("public")
        return sorted(names)


class Report(models.Model):
    """One person's or machine's account. The only place where a reporter's name, phone, e-mail and words are kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reports")
    first_incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=15, choices=Source)
    description = models.TextField(blank=True, max_length=4000)
    reporter_name = models.CharField(max_length=120, blank=True)
    reporter_phone = models.CharField(max_length=30, blank=True)
    reporter_email = models.EmailField(blank=True)
    external_id = models.CharField(max_length=80, blank=True, help_text=_("the sender's own number for it"))
    lat = models.FloatField()
    lon = models.FloatField()
    address = models.CharField(max_length=200, blank=True)
    occurred_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("entered_at", "id")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(source__in=Source.values), name="report_source_known"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(reporter_name="", reporter_phone="", reporter_email="", description=""),
                name="report_erased_is_empty",
            ),
        )
        indexes = (models.Index("entered_by", "external_id", name="report_external", condition=~Q(external_id="")),)


class Comment(models.Model):
    """Words of the post: among ourselves, or to the reporters."""

    class Kind(models.TextChoices):
        INTERNAL = "internal", _("Internal")
        REPORTERS = "reporters", _("To the reporters")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="comments")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INTERNAL)
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        default_permissions = ()


class Attachment(models.Model):
    """A photo or file. Its bytes lie under a random name outside any public folder."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80, unique=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        default_permissions = ()


class Watch(models.Model):
    """Somebody wants to be told about an incident."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="watches", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint("incident", "person", name="watched_once"),)


class SavedFilter(models.Model):
    """A person's own way of narrowing the list: `query` is the list's query string."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        constraints = (models.UniqueConstraint("person", "name", name="filter_named_once"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.query = self.query.lstrip("?")
        super().save(*args, **kwargs)
