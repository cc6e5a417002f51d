"""What may be the same one: titles and reporters' words, for those who may read them."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.models import Person
from access.roles import Role
from access.selectors import ANONYMOUS, Access, access_of
from incidents import selectors
from incidents.models import Category, Incident, Report
from tests import cast

pytestmark = pytest.mark.django_db
LAT, LON = cast.SPOTS[cast.DIJON]


def told(words: str, by: Person) -> Incident:
    made = cast.incident(by=by, from_public=True)
    Report.objects.filter(incident=made).update(description=words)
    return made


def shared_words(access: Access, text: str) -> list[str]:
    found = selectors.nearby(access=access, lat=LAT, lon=LON, text=text, at=cast.NOW)
    return [reason.value for near in found for reason in near.likeness.reasons if reason.code == "shared_words"]


def test_the_words_of_reports_count_with_one_query_more() -> None:
    Category.objects.filter(key=cast.LIGHT).update(public=True)
    by = cast.person(Role.CALL_TAKER)
    for words in ("le lampadaire clignote devant la boulangerie", "tout clignote"):
        told(words, by)
    access = access_of(by)
    with CaptureQueriesContext(connection) as asked:
        assert sorted(shared_words(access, "boulangerie, lampe qui clignote")) == ["boulangerie, clignote", "clignote"]
    assert len(asked) == 2
    assert shared_words(ANONYMOUS, "boulangerie, lampe qui clignote") == []


def test_any_time_of_the_calendar_may_be_asked_for() -> None:
    by = cast.person(Role.CALL_TAKER)
    first = datetime(1, 1, 2, tzinfo=UTC)
    assert selectors.nearby(access=access_of(by), lat=LAT, lon=LON, at=first) == []
