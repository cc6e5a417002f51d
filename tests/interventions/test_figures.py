"""The figures against numbers counted by hand; pages, workbook and papers."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from access.roles import Role
from access.selectors import access_of
from interventions.figures import Asked, figures
from interventions.models import Intervention, Material, Note, Pause
from tests import cast
from tests.incidents.api.calling import ROOT, Api, problem
from tests.interventions import means

pytestmark = pytest.mark.django_db
ASKED = Asked(since=cast.NOW - timedelta(days=1), until=cast.NOW + timedelta(days=1))


def minutes(number: float) -> datetime:
    return cast.NOW + timedelta(minutes=number)


def done(response: float, repair: float, **fields: Any) -> Intervention:
    times = {"arrived_at": minutes(response), "done_at": minutes(repair), "response_due": minutes(60)}
    return means.mission(status="verified", **{"attempts": 1, "minutes_spent": 30, **times, **fields})


def world() -> None:
    """Five done (one late, one that took two visits, one paused for twenty minutes) and one that waits too long."""
    incident = cast.incident(status="in_progress")
    for response, repair in ((10, 50), (20, 60), (30, 70)):
        done(response, repair, incident=incident)
    done(100, 200, incident=incident, attempts=2)
    paused = done(40, 100, incident=incident)
    Pause.objects.create(intervention=paused, reason="access", from_at=minutes(15), to_at=minutes(35))
    means.mission(incident=incident, response_due=minutes(5))


def test_counted_by_hand() -> None:
    world()
    found = figures(access=access_of(cast.person(Role.INTERVENTION_COORDINATOR)), asked=ASKED)
    (whole,) = found["all"]
    assert (whole.asked, whole.done, whole.in_time, whole.late) == (6, 5, 4, 2)
    assert (whole.response_p50, whole.repair_p50) == (20, 70), "10 20 20 30 100 and 50 60 70 80 200"
    assert whole.response_p90 == pytest.approx(72)
    assert (whole.first_time_fix, whole.in_time_share, whole.minutes_spent) == (0.8, 4 / 6, 150)
    assert [one.key for one in found["branch"]] == ["lighting"]
    assert {one.key: one.asked for one in found["organisation"]} == {
        str(cast.organisation("eclairage").id): 5, "": 1,
    }  # fmt: skip
    assert [(one.key, one.asked) for one in found["day"]] == [("2026-11-23", 6)]


def test_narrowed_by_sight_and_by_question() -> None:
    world()
    means.mission(incident=cast.incident(status="qualified", commune=cast.CHENOVE))
    officer = figures(access=access_of(cast.person(Role.COMMUNE_OFFICER)), asked=ASKED)
    assert [one.key for one in officer["commune"]] == [cast.DIJON]
    assert figures(access=access_of(cast.person(Role.CALL_TAKER)), asked=ASKED)["all"] == []
    leader = figures(access=access_of(cast.person(Role.CREW_LEADER, home="voirie")), asked=ASKED)
    assert [one.asked for one in leader["all"]] == [0]
    coordinator = access_of(cast.person(Role.INTERVENTION_COORDINATOR))
    asked = Asked(since=ASKED.since, until=ASKED.until, communes=(cast.CHENOVE,), branches=("lighting",))
    assert [one.asked for one in figures(access=coordinator, asked=asked)["all"]] == [1]


def test_one_query() -> None:
    access = access_of(cast.person(Role.INTERVENTION_COORDINATOR))
    with CaptureQueriesContext(connection) as seen:
        figures(access=access, asked=ASKED)
    assert len(seen) == 0, "prepared: past Django's own cursor"


DAYS = {"since": "2026-11-22", "until": "2026-11-24"}


def test_over_the_api_and_as_a_workbook() -> None:
    world()
    formula = done(5, 9, title="=HYPERLINK(1)")
    api = Api(cast.person(Role.INTERVENTION_COORDINATOR))
    assert api.get("/figures/interventions/", **DAYS).json()["all"][0]["asked"] == 7
    problem(api.get("/figures/interventions/", since="2026-11-24", until="2026-11-22"), 422, "invalid")
    sent = api.get("/figures/interventions.xlsx", **DAYS)
    book = openpyxl.load_workbook(BytesIO(sent.content))
    rows = list(book[book.sheetnames[-1]].values)
    assert len(rows) == 1 + 7
    assert {row[1] for row in rows[1:]} >= {formula.title}
    cell = next(row[1] for row in book[book.sheetnames[-1]].iter_rows(min_row=2) if row[1].value == formula.title)
    assert cell.data_type == "s"
    assert problem(Api(cast.person(Role.CALL_TAKER)).get("/figures/interventions.xlsx"), 403, "not-allowed")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page(language: str) -> None:
    world()
    client = Api(cast.person(Role.INTERVENTION_COORDINATOR)).client
    page = client.get("/reports/interventions/", DAYS, headers={"Accept-Language": language})
    assert page.status_code == 200
    text = page.content.decode()
    assert text.count('role="img"') == 7
    assert ("Premier passage" in text) is (language == "fr")
    wrong = client.get("/reports/interventions/", {"since": "2026-11-24", "until": "2026-11-22"})
    assert wrong.context["wrong"]
    assert client.get("/reports/interventions/", {"since": "", "commune": ""}).context["wrong"] is False
    assert Api(cast.person(Role.CALL_TAKER)).client.get("/reports/interventions/").status_code == 403
    assert Api(None).client.get("/reports/interventions/").status_code == 302


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_papers_say_what_was_asked_and_done() -> None:
    leader = cast.person(Role.CREW_LEADER)
    sheet = [{"key": "zone", "text": "Zone balisée", "done": True, "done_at": minutes(30).isoformat()}]
    one = done(30, 70, with_crew=means.crew(leader=leader), outcome="#lanterne *changée*", checklist=sheet)
    said = {"by": leader, "at": minutes(40), "entered_at": minutes(40)}
    Note.objects.create(intervention=one, text="portail [fermé]", **said)
    Material.objects.create(intervention=one, label="lanterne", quantity=2, **said)
    api = Api(leader)
    order = text_of(api.get(f"/interventions/{one.id}/mission-order.pdf").content)
    assert one.reference in order
    assert "Zone balisée" in order
    sent = api.get(f"/interventions/{one.id}/completion-report.pdf")
    report = text_of(sent.content)
    for words in ("#lanterne *changée*", "portail [fermé]", "lanterne : 2", "30 min"):
        assert words in report, report
    root: Any = PdfReader(BytesIO(sent.content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    path = f"{ROOT}/interventions/{one.id}/completion-report.pdf"
    assert Api(cast.person(Role.CREW_LEADER, home="voirie")).client.get(path).status_code == 404
