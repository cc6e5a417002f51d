"""The threshold assistant: facts meet a criterion, a prefilled report waits, and nothing leaves without a person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from access.roles import Role
from crisis import services as crisis
from crisis.areas import Shape
from crisis.models import SensitiveSite
from incidents import services as incidents
from incidents.models import Incident
from incidents.services import Draft as Told
from journal.errors import Invalid, NotAllowed, Stale, WrongState
from journal.models import Entry
from notifications import timers
from notifications.models import Timer
from prefecture import catalogue, services
from prefecture.models import Criterion, Draft, Message
from prefecture.services.drafting import matches
from prefecture.services.weighing import weigh
from prefecture.wire import envelope
from tests import cast
from tests.crisis.world import director, opened

pytestmark = pytest.mark.django_db
FIRE, BRIDGE = "hazard.fire", "roads.bridge"


def declared(category: str = FIRE, **more: object) -> Incident:
    lat, lon = cast.SPOTS[cast.DIJON]
    told = {"category": category, "lat": lat, "lon": lon, "priority": "P1", "title": "Fumée", **more}
    made = incidents.declare(by=cast.person(Role.CALL_TAKER), draft=Told(**told))  # type: ignore[arg-type]
    assert weigh() == 1
    return made


def test_every_criterion_of_the_file_is_there_and_one_switched_off_stays_off() -> None:
    Criterion.objects.filter(key="road-cut-2h").update(active=False)
    assert catalogue.load_criteria() == Criterion.objects.count()
    assert Criterion.objects.get(key="road-cut-2h").active is False


def test_a_vital_fire_is_drafted_at_once_and_only_once() -> None:
    one = declared()
    draft = Draft.objects.get()
    assert (draft.criterion_id, draft.about, draft.status) == ("major-hazard", one.id, "waiting")
    assert "public" not in draft.audiences
    assert Message.objects.count() == 0
    incidents.qualify(by=cast.person(Role.CRISIS_DIRECTOR), incident_id=one.id, priority="P1", category=FIRE)
    assert (weigh(), weigh()) == (1, 0)
    assert Draft.objects.count() == 1
    assert Entry.objects.filter(kind="prefecture.drafted").count() == 1


def test_a_road_is_drafted_when_it_has_been_cut_for_two_hours() -> None:
    one = declared(BRIDGE)
    assert not Draft.objects.exists()
    timer = Timer.objects.get(kind="prefecture.threshold")
    assert timer.due_at == one.occurred_at + timedelta(minutes=120)
    Incident.objects.update(occurred_at=Now() - timedelta(minutes=121))
    Timer.objects.update(due_at=Now())
    timers.sweep()
    assert Draft.objects.get().criterion_id == "road-cut-2h"


def test_a_road_open_again_is_not_drafted() -> None:
    one = declared(BRIDGE)
    incidents.cancel(by=cast.person(Role.CRISIS_DIRECTOR), incident_id=one.id, reason="rouvert")
    Incident.objects.update(occurred_at=Now() - timedelta(minutes=121))
    Timer.objects.update(due_at=Now())
    timers.sweep()
    assert not Draft.objects.exists()


def test_an_event_near_a_classified_installation_is_drafted() -> None:
    plant = SensitiveSite.objects.filter(kind="industry", commune_id=cast.CHENOVE).first()
    assert plant is not None
    declared("roads.oil_spill", lat=plant.lat + 0.001, lon=plant.lon, priority="P3")
    assert Draft.objects.get().criterion_id == "classified-site"
    declared("roads.oil_spill", lat=plant.lat + 0.004, lon=plant.lon, priority="P3")
    assert Draft.objects.count() == 1


def test_a_zone_to_evacuate_with_many_people_is_drafted_for_the_cell() -> None:
    by = director()
    cell = opened(by)
    small = crisis.Drawing(
        kind="evacuation", label="Îlot", shape=Shape(type="circle", points=((47.32, 5.04),), radius_m=20)
    )
    crisis.draw(cell_id=cell.id, by=by, drawing=small)
    assert not Draft.objects.exists()
    large = crisis.Drawing(
        kind="evacuation", label="Tanneries", shape=Shape(type="circle", points=((47.32, 5.04),), radius_m=600)
    )
    crisis.draw(cell_id=cell.id, by=by, drawing=large)
    draft = Draft.objects.get()
    assert (draft.criterion_id, draft.crisis, draft.audiences) == ("evacuated", cell.id, sorted(cell.audiences))
    message = services.approve(draft_id=draft.id, by=by, title=draft.title, text=draft.text)
    assert (message.kind, message.crisis, message.sequence) == ("situation_report", cell.id, 2)


def test_a_restricted_one_is_never_drafted() -> None:
    lat, lon = cast.SPOTS[cast.DIJON]
    told = Told(category=FIRE, lat=lat, lon=lon, priority="P1", sensitivity="restricted")
    incidents.declare(by=cast.person(Role.MUNICIPAL_POLICE), draft=told)
    assert weigh() == 1
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"categories": ["hazard"]}, True),
        ({"categories": ["hazard.fire"]}, True),
        ({"categories": ["haz"]}, False),
        ({"priorities": ["P2"]}, False),
        ({"words": ["seveso"]}, False),
        ({"words": ["Fumée"]}, True),
        ({}, True),
    ],
)
def test_what_a_criterion_asks(change: dict[str, list[str]], expected: bool) -> None:
    incident = cast.incident(category=FIRE, priority="P1", title="Fumée épaisse", by=cast.person(None))
    assert matches(Criterion(key="x", **change), incident) is expected


def test_a_person_approves_with_their_own_words_and_it_leaves_as_emsi() -> None:
    one, director = declared(), cast.person(Role.CRISIS_DIRECTOR)
    draft = Draft.objects.get()
    with pytest.raises(NotAllowed):
        services.approve(draft_id=draft.id, by=cast.person(Role.CALL_TAKER), title="x", text="")
    with pytest.raises(Stale):
        services.approve(draft_id=draft.id, by=director, title="x", text="", version=9)
    with pytest.raises(Invalid):
        services.approve(draft_id=draft.id, by=director, title=" ", text="")
    message = services.approve(draft_id=draft.id, by=director, title="Feu d’entrepôt", text="Trois engins.", version=1)
    body = envelope.read(bytes(message.raw)).message.body
    assert (body.title, body.text, body.reference) == ("Feu d’entrepôt", "Trois engins.", one.reference)
    assert (one.reference, ["FIR"]) == (body.emsi.EVENT.ID, body.emsi.EVENT.ETYPE.CATEGORY)
    assert one.lat == body.emsi.EVENT.EGEO[0].POSITION.COORD[0].LAT
    assert message.about == one.id
    assert "prefecture" in message.audiences
    with pytest.raises(WrongState):
        services.dismiss(draft_id=draft.id, by=director, reason="trop tard")


def test_a_person_dismisses_with_a_reason() -> None:
    declared()
    draft, director = Draft.objects.get(), cast.person(Role.CRISIS_DIRECTOR)
    with pytest.raises(Invalid):
        services.dismiss(draft_id=draft.id, by=director, reason="")
    services.dismiss(draft_id=draft.id, by=director, reason="déjà su par téléphone")
    assert Message.objects.count() == 0
    assert "déjà su" in Entry.objects.get(kind="prefecture.draft_decided").data


def test_who_may_send_what() -> None:
    with pytest.raises(NotAllowed):
        _close(Role.CALL_TAKER)
    for kind in ("instruction", "ack", "nothing"):
        with pytest.raises(Invalid):
            services.send(kind=kind, payload={}, by=None)
    with pytest.raises(Invalid):
        services.send(kind="closure", payload={"title": "x"}, by=None, crisis=uuid4())
    assert _close(Role.CRISIS_DIRECTOR).sequence == 1


def _close(role: Role) -> Message:
    body = {"title": "Crue", "closedAt": "2026-11-23T04:00:00+01:00", "decidedBy": "C. Morel"}
    return services.send(kind="closure", payload=body, by=cast.person(role))
