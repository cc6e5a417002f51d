"""Reporters can be forgotten: on request at once, and by themselves a year after the end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.roles import Role
from incidents import services
from incidents.models import Incident, Report
from incidents.services import forgetting
from journal.errors import NotAllowed
from journal.models import Entry
from tests import cast

pytestmark = pytest.mark.django_db


def told() -> tuple[Incident, Report]:
    lat, lon = cast.SPOTS[cast.DIJON]
    draft = services.Draft(
        category=cast.LIGHT, lat=lat, lon=lon, reporter_name="Jeanne", reporter_phone="0612345678", description="noir"
    )
    made = services.declare(by=cast.person(Role.CALL_TAKER), draft=draft)
    return made, Report.objects.get(id=draft.id)


def test_erasing_on_request_empties_the_report_and_is_recorded_once() -> None:
    made, report = told()
    with pytest.raises(NotAllowed):
        services.erase_reporter(report_id=report.id, by=cast.person(Role.CALL_TAKER))
    for _again in range(2):
        services.erase_reporter(report_id=report.id, by=cast.person(Role.INTERVENTION_COORDINATOR))
    report.refresh_from_db()
    assert (report.reporter_name, report.reporter_phone, report.description) == ("", "", "")
    assert report.erased_at is not None
    assert Entry.objects.filter(about=made.id, kind="incidents.reporter_erased").count() == 1


def test_only_reporters_of_incidents_that_ended_long_ago_are_forgotten() -> None:
    old, old_report = told()
    recent, recent_report = told()
    _open, open_report = told()
    for one, days in ((old, 366), (recent, 364)):
        Incident.objects.filter(id=one.id).update(status="closed", closed_at=timezone.now() - timedelta(days=days))
    assert forgetting.forget_old_reporters() == 1
    assert forgetting.forget_old_reporters() == 0
    names = [Report.objects.get(id=one.id).reporter_name for one in (old_report, recent_report, open_report)]
    assert names == ["", "Jeanne", "Jeanne"]
