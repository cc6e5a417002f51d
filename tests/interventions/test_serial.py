"""Planned work that comes back is made ahead, once each."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from incidents.services.handling import clock
from interventions.models import Intervention, Series
from interventions.services.serial import make_planned_work
from interventions.shifts import PARIS, instant
from journal.models import Entry
from tests import cast

pytestmark = pytest.mark.django_db


def series(**more: Any) -> Series:
    lat, lon = cast.SPOTS[cast.DIJON]
    told = {"title": "Tournée", "category_id": cast.LIGHT, "lat": lat, "lon": lon, "at": time(9), "every_days": 7}
    return Series.objects.create(**{**told, **more}, organisation=cast.organisation("eclairage"))


def today() -> date:
    return timezone.localdate(clock(), PARIS)


def test_it_is_made_ahead_once() -> None:
    one = series(next_on=today(), skills=["lighting"])
    assert make_planned_work() == 3
    assert make_planned_work() == 0
    made = Intervention.objects.filter(series=one).order_by("window_start")
    assert [work.window_start for work in made] == [
        instant(today() + timedelta(days=days), time(9)) for days in (0, 7, 14)
    ]
    assert {(work.status, work.incident_id) for work in made} == {("proposed", None)}
    assert Entry.objects.filter(kind="interventions.proposed").count() == 3
    one.refresh_from_db()
    assert one.next_on == today() + timedelta(days=21)


def test_it_ends_and_days_gone_by_are_not_made_up_for() -> None:
    one = series(next_on=today() - timedelta(days=70), until=today() + timedelta(days=8))
    assert make_planned_work() == 2
    one.refresh_from_db()
    assert not one.active
