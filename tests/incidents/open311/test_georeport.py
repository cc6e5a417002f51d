"""Open311 GeoReport v2, as a citizens' app speaks it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from defusedxml.ElementTree import fromstring
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.keys import create_api_key, revoke_api_key
from access.models import Person
from access.roles import Role
from incidents import services
from incidents.models import Category, Incident, Report
from journal.models import Entry
from tests import cast

pytestmark = pytest.mark.django_db
ROOT = "/open311/v2"
LAT, LON = cast.SPOTS[cast.DIJON]


@pytest.fixture
def lamp() -> str:
    """A category that citizens may report and see."""
    Category.objects.filter(key=cast.LIGHT).update(public=True)
    return cast.LIGHT


def gateway(role: Role = Role.CITIZEN_GATEWAY) -> tuple[Person, Any, str]:
    machine = cast.person(role)
    Person.objects.filter(id=machine.id).update(kind="machine")
    machine.refresh_from_db()
    key, secret = create_api_key(person=machine, label="app", by=None)
    return machine, key, secret


@pytest.fixture
def post(lamp: str) -> Callable[..., Any]:
    _machine, _key, secret = gateway()

    def send(*, format_: str = "json", headers: dict[str, str] | None = None, **form: Any) -> Any:
        told = {"api_key": secret, "service_code": lamp, "lat": LAT, "long": LON, **form}
        told = {name: value for name, value in told.items() if value is not None}
        return Client().post(f"{ROOT}/requests.{format_}", told, headers=headers)

    send.secret = secret  # type: ignore[attr-defined]
    return send


def get(path: str, **query: Any) -> Any:
    return Client().get(ROOT + path, query)


def test_discovery_names_this_endpoint() -> None:
    (here,) = get("/discovery.json").json()["endpoints"]
    assert here["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert here["url"] == "http://testserver/open311/v2"
    root = fromstring(get("/discovery.xml").content)
    assert root.tag == "discovery"
    assert root.findtext("endpoints/endpoint/url") == here["url"]
    assert [one.text for one in root.findall("endpoints/endpoint/formats/format")] == here["formats"]


def test_services_are_the_public_leaves_in_french(lamp: str) -> None:
    listed = get("/services.json").json()
    found = {one["service_code"]: one for one in listed}
    assert found[lamp]["service_name"] == Category.objects.get(key=lamp).label_fr
    assert (found[lamp]["metadata"], found[lamp]["type"]) == (False, "realtime")
    assert found[lamp]["group"]
    assert "lighting" not in found
    assert set(found) == set(
        Category.objects.filter(public=True, active=True, parent__isnull=False).values_list("key", flat=True)
    )
    root = fromstring(get("/services.xml").content)
    assert root.tag == "services"
    assert len(root.findall("service")) == len(listed)
    assert root.findtext("service/metadata") == "false"


def test_a_definition(lamp: str) -> None:
    assert get(f"/services/{lamp}.json").json() == {"service_code": lamp, "attributes": []}
    assert fromstring(get(f"/services/{lamp}.xml").content).findtext("service_code") == lamp
    assert get("/services/no.such.json").status_code == 404


def test_a_posted_request_is_an_incident_of_the_post_and_can_be_followed(post: Any) -> None:
    made = post(description="Lampadaire éteint", first_name="Anne", last_name="Durand", email="a@example.org")
    assert made.status_code == 201, made.content
    (told,) = made.json()
    incident = Incident.objects.get(reference=told["service_request_id"])
    report = Report.objects.get(id=told["token"])
    assert (incident.source, incident.status, incident.commune_id) == ("citizen", "declared", cast.DIJON)
    assert "public" in incident.audiences
    assert (report.reporter_name, report.description) == ("Anne Durand", "Lampadaire éteint")
    assert "Durand" not in Entry.objects.get(about=incident.id).data
    (token,) = get(f"/tokens/{told['token']}.json").json()
    assert token["service_request_id"] == incident.reference
    (shown,) = get(f"/requests/{incident.reference}.json").json()
    assert (shown["status"], shown["service_code"], shown["lat"]) == ("open", cast.LIGHT, LAT)
    assert shown["status_notes"] == "Déclaré" or shown["status_notes"] == "Declared"
    chief = cast.person(Role.INTERVENTION_COORDINATOR)
    services.qualify(incident_id=incident.id, by=chief, priority="P3", category=cast.LIGHT)
    services.resolve(incident_id=incident.id, by=chief, outcome="réparé")
    (shown,) = get(f"/requests/{incident.reference}.json").json()
    assert shown["status"] == "closed"


def test_nobody_but_the_sender_gets_the_words_back(post: Any) -> None:
    told = post(description="chez Anne Durand", address_string="chez Anne, 3e étage", phone="0612345678").json()[0]
    path = f"/requests/{told['service_request_id']}.json"
    everybody = get(path).content.decode() + get("/requests.json").content.decode()
    other = get(path, api_key=gateway()[2]).content.decode()
    for secret in ("Anne", "0612345678", "étage"):
        assert secret not in everybody + other
    mine = get(path, api_key=post.secret).json()[0]
    assert mine["description"].startswith("chez Anne Durand")
    assert "0612345678" not in str(mine)
    entries = "".join(Entry.objects.values_list("data", flat=True))
    assert "Anne" not in entries


def test_xml(post: Any) -> None:
    made = fromstring(post(format_="xml", description="signe \x01 <b>&amp;").content)
    assert made.tag == "service_requests"
    reference = made.findtext("request/service_request_id")
    shown = fromstring(get(f"/requests/{reference}.xml", api_key=post.secret).content)
    assert shown.findtext("request/description") == "signe  <b>&amp;"
    assert shown.findtext("request/requested_datetime")


def test_a_key_of_the_senders_own_makes_it_happen_once(post: Any) -> None:
    name = {"Idempotency-Key": str(uuid4())}
    assert post(headers=name).json() == post(headers=name).json()
    assert Incident.objects.count() == 1
    post(headers={"Idempotency-Key": "ticket 7"})
    assert Incident.objects.count() == 2


def test_an_address_is_looked_up_when_no_point_is_given(post: Any) -> None:
    made = post(lat=None, long=None, address_string="mairie de Chenôve")
    assert made.status_code == 201, made.content
    assert Incident.objects.get().commune_id == cast.CHENOVE


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"api_key": None}, 403),
        ({"api_key": "wrong"}, 403),
        ({"service_code": None}, 400),
        ({"service_code": "no.such"}, 404),
        ({"service_code": "a\0b"}, 404),
        ({"lat": "x"}, 400),
        ({"lat": "nan"}, 400),
        ({"lat": "48.85", "long": "2.35"}, 400),
        ({"lat": None, "long": None}, 400),
        ({"lat": None, "long": None, "address_string": "zzzz qqqq"}, 400),
        ({"description": "x" * 4001}, 400),
        ({"description": "a\0b"}, 400),
        ({"first_name": "a\0b"}, 400),
    ],
)
def test_refusals_take_the_standards_form(post: Any, form: dict[str, Any], code: int) -> None:
    for format_ in ("json", "xml"):
        refused = post(format_=format_, **form)
        assert refused.status_code == code, refused.content
        if format_ == "json":
            (error, *_rest) = refused.json()
            assert error["code"] == code
            assert error["description"]
        else:
            assert fromstring(refused.content).findtext("error/code") == str(code)
    assert Incident.objects.count() == 0


def test_a_key_must_be_valid_and_its_owner_allowed(post: Any, lamp: str) -> None:
    _machine, key, secret = gateway()
    revoke_api_key(key_id=key.id, by=None)
    assert post(api_key=secret).status_code == 403
    assert get("/requests.json", api_key=secret).status_code == 403
    auditor, _key, secret = gateway(Role.AUDITOR)
    assert post(api_key=secret).status_code == 403
    assert Entry.objects.filter(kind="access.refused", by=auditor.id).exists()


def test_only_what_is_public_is_shown(post: Any, lamp: str) -> None:
    post()
    shown = Incident.objects.get()
    hidden = [cast.incident(), cast.incident(sensitivity="restricted"), cast.incident(commune=cast.CHENOVE)]
    listed = [one["service_request_id"] for one in get("/requests.json").json()]
    assert listed == [shown.reference]
    for one in hidden:
        assert get(f"/requests/{one.reference}.json").status_code == 404
        assert get(f"/tokens/{one.reports.get().id}.json").status_code == 404
    services.restrict(incident_id=shown.id, by=cast.person(Role.CRISIS_DIRECTOR), reason="enquête")
    assert get("/requests.json").json() == []


def test_filters_and_pages(post: Any, lamp: str) -> None:
    references = [post().json()[0]["service_request_id"] for _ in range(3)]

    def found(**query: Any) -> set[str]:
        return {one["service_request_id"] for one in get("/requests.json", **query).json()}

    assert found() == set(references)
    assert found(service_request_id=",".join(references[:2])) == set(references[:2])
    assert found(service_code=lamp, status="open") == set(references)
    assert found(service_code="lighting.none") == found(status="closed") == set()
    assert found(status="open,closed") == set(references)
    assert found(end_date="2020-01-01T00:00:00Z") == found(start_date="2010-01-01T00:00:00+01:00") == set()
    assert found(page_size=2) | found(page_size=2, page=2) == set(references)
    for bad in ({"status": "lost"}, {"start_date": "yesterday"}, {"page": "0"}, {"page_size": "x"}):
        assert get("/requests.json", **bad).status_code == 400


def test_a_merged_one_is_as_open_as_the_one_it_went_to(post: Any) -> None:
    one, into = (post().json()[0]["service_request_id"] for _ in range(2))
    by = cast.person(Role.CALL_TAKER)
    ids = dict(Incident.objects.values_list("reference", "id"))
    services.merge(incident_id=ids[one], into=ids[into], by=by)
    assert get(f"/requests/{one}.json").json()[0]["status"] == "open"
    assert {row["service_request_id"] for row in get("/requests.json", status="open").json()} == {one, into}
    services.cancel(incident_id=ids[into], by=by, reason="rien")
    assert get(f"/requests/{one}.json").json()[0]["status"] == "closed"


def test_no_query_per_row(post: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            get("/requests.json", api_key=post.secret)
        return len(captured)

    post()
    few = queries()
    for _ in range(3):
        post()
    assert queries() == few


def test_addresses_that_do_not_exist() -> None:
    for path in ("/requests.csv", "/", "/nowhere", "/nowhere.json"):
        response = get(path)
        assert response.status_code == 404
        assert response.json()[0]["code"] == 404
    assert Client().delete(f"{ROOT}/requests.json").status_code == 405


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=000000001" + "9" * 5000, 400),
        ("page_size=" + "1" * 12, 400),
        ("start_date=9999-12-31T23:59:59Z", 200),
        ("end_date=0001-01-01T00:00:00Z", 200),
        ("start_date=0001-01-01T00:00:00%2B14:00&end_date=9999-12-31T23:59:59-14:00", 200),
        ("start_date=2024-02-30T00:00:00Z", 400),
    ],
)
def test_absurd_numbers_and_dates_are_answered(query: str, status: int) -> None:
    assert Client().get(f"{ROOT}/requests.json?{query}").status_code == status


def test_errors_speak_the_reader_s_language() -> None:
    sent = Client().post(f"{ROOT}/requests.json", b"xx", content_type="multipart/form-data")
    (error,) = sent.json()
    assert error == {"code": 400, "description": "La requête est illisible"}


def test_a_long_story_leaves_no_room_for_the_rest(post: Callable[..., Any]) -> None:
    assert post(description="x" * 3990, address_string="1 place de la Libération, Dijon").status_code == 201
    assert Report.objects.get().description == "x" * 3990
    assert post(description="x" * 4001).status_code == 400
