"""The demo's means: made once, on shift now."""

import pytest

from access import demo as people
from incidents.services.handling import clock
from interventions.choosing import gathering, hours
from interventions.demo import load_means
from interventions.models import Crew, Shift, Skill, Vehicle

pytestmark = pytest.mark.django_db


def test_the_demo_has_its_crews_and_vehicles_and_a_second_load_adds_nothing() -> None:
    people.load_people()
    assert load_means() == 28
    assert load_means() == 0
    assert (Crew.objects.count(), Vehicle.objects.count()) == (28, 205)
    assert Crew.objects.get(leader__login="gaelle").organisation.key == "eclairage"
    assert set(Skill.objects.values_list("key", flat=True)) >= {s for crew in Crew.objects.all() for s in crew.skills}
    assert not Crew.objects.filter(leader=None).exists()
    (visitors,) = Shift.objects.filter(crew__leader__login="gaelle")
    assert visitors.starts_at < clock() < visitors.ends_at, "whenever the demo is started"
    assert Shift.objects.values("crew").distinct().count() == 28
    found = gathering.crews(Crew.objects.select_related("organisation", "vehicle"), now=clock())
    there = [crew for crew in found if hours.presence(crew.shifts, clock()).there]
    assert len(there) >= 5, "at any hour of any day somebody is there"
