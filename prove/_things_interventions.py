"""The mission that `prove matrix` asks about."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db.models.functions import Now

from access.models import Organisation, Person
from incidents.models import Incident
from incidents.services import qualify
from incidents.services.attaching import keep
from incidents.services.handling import clock
from interventions.models import Crew, Delivery, Shift
from interventions.services import Ask, accept, assign, propose
from interventions.services.linking import add_webhook
from interventions.services.picturing import record_photo


def build(people: dict[str, Person], light: Incident, picture: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    """A mission of the lighting contractor's crew with a photo: its values for routes, and the words that show it."""
    coordinator, leader = people["intervention_coordinator"], people["crew_leader"]
    qualify(incident_id=light.id, by=coordinator, priority="P3", category=light.category_id)
    crew = Crew.objects.create(
        name="Éclairage preuve", organisation=leader.organisation, leader=leader, base_lat=light.lat, base_lon=light.lon,
        skills=["lighting", "electricity"],
    )  # fmt: skip
    title = f"Titre-mission-{uuid4().hex[:12]}"
    now = clock()
    Shift.objects.create(crew=crew, starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=2))
    one = propose(by=coordinator, ask=Ask(incident=light.id, title=title))
    assign(intervention_id=one.id, by=coordinator, crew=crew.id)
    accept(intervention_id=one.id, by=leader)
    kept = keep(name="mission.png", content=picture)
    photo = record_photo(intervention_id=one.id, by=leader, kept=kept, stage="before")
    return {"intervention_id": str(one.id), "photo_id": str(photo.id), "crew_id": str(crew.id)}, (one.reference, title)


def crew_of(crew_id: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The crew as an object of its own. Its name is no secret: whoever sees its mission sees it."""
    return {"crew_id": crew_id}, ()


def build_hook(people: dict[str, Person]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The roads department's webhook with a dead letter."""
    owner, host = Organisation.objects.get(key="voirie"), f"{uuid4().hex}.example.org"
    hook = add_webhook(by=people["intervention_coordinator"], organisation=owner.id, url=f"https://{host}/")
    letter = Delivery.objects.create(
        webhook=hook, kind="interventions.assigned", about=uuid4(), body="{}", dead_at=Now()
    )
    return {"webhook_id": str(hook.id), "delivery_id": str(letter.id)}, (host,)
