"""What the board's page holds, and for whom; every word that its scripts ask for."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from access.models import Person
from access.roles import Role
from interventions import labels
from interventions.board import due_times
from interventions.models import Contract
from interventions.workflow import MOVES, PauseReason, Status
from tests.cast import CHENOVE, DIJON, incident, organisation, person
from tests.interventions import means

DAY = timedelta(days=1)
SCRIPTS = Path(__file__).parents[2] / "static" / "js" / "board"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))


def opened(by: Person) -> Any:
    client = Client()
    client.force_login(by)
    return client.get("/interventions/", headers={"accept-language": "en"})


def data(by: Person) -> dict[str, Any]:
    """The page's own data island."""
    page = opened(by).content.decode()
    island = re.search(r'<script id="desk-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert island
    return dict(json.loads(island[1]))


@pytest.mark.django_db
def test_who_is_not_let_in() -> None:
    answer = Client().get("/interventions/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/interventions/")
    assert opened(person(None)).status_code == 403
    assert opened(person(Role.ADMINISTRATOR)).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "seen", "crews"),
    [
        (Role.INTERVENTION_COORDINATOR, {"here", "there", "held", "done"}, 2),
        (Role.CREW_LEADER, {"held", "done"}, 1),
        (Role.COMMUNE_OFFICER, {"here", "held", "done"}, 0),
    ],
)
def test_it_holds_what_the_duty_opens(role: Role, seen: set[str], crews: int) -> None:
    ours, _theirs = means.crew(), means.crew(owner="voirie")
    means.mission(title="here")
    means.mission(title="there", incident=incident(commune=CHENOVE, status="qualified"))
    means.mission(title="held", status="on_site", with_crew=ours)
    means.mission(title="done", status="done", with_crew=ours)
    means.mission(title="over", status="cancelled")
    held = data(person(role, communes=(DIJON,) if role is Role.COMMUNE_OFFICER else ()))
    assert {row["title"] for row in held["rows"]} == seen
    assert len(held["crews"]) == crews


@pytest.mark.django_db
def test_a_coordinator_of_some_communes_sees_the_crews_under_contract_there() -> None:
    today = timezone.localdate()
    Contract.objects.all().delete()
    for owner, communes, until in (
        ("eclairage", [DIJON], None), ("voirie", [CHENOVE], None), ("eau", [], None), ("proprete", [], today - DAY),
    ):  # fmt: skip
        means.crew(owner=owner, name=owner)
        Contract.objects.create(
            organisation=organisation(owner),
            title=owner,
            communes=communes,
            valid_from=today - 9 * DAY,
            valid_until=until,
        )
    held = data(person(Role.INTERVENTION_COORDINATOR, communes=(DIJON,)))
    assert {crew["name"] for crew in held["crews"]} == {"eclairage", "eau"}
    assert held["means_apart"]
    whole = data(person(Role.INTERVENTION_COORDINATOR))
    assert (len(whole["crews"]), whole["means_apart"]) == (4, False)


@pytest.mark.django_db
def test_positions_only_for_those_who_see_the_means() -> None:
    from interventions.models import Vehicle

    place = {"lat": 47.3, "lon": 5.0, "seen_at": timezone.now(), "source": "tracker"}
    vehicle = Vehicle.objects.create(code="VH-1", organisation=organisation("eclairage"), **place)
    means.crew(vehicle=vehicle)
    assert [one["id"] for one in data(person(Role.INTERVENTION_COORDINATOR))["positions"]] == [str(vehicle.id)]
    assert data(person(Role.COMMUNE_OFFICER))["positions"] == []


@pytest.mark.django_db
def test_the_page_has_its_first_content_inside_and_is_small(django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        means.mission(title=f"Lampadaire {number}")
        means.crew()
    by = person(Role.INTERVENTION_COORDINATOR)
    client = Client()
    client.force_login(by)
    with django_assert_max_num_queries(18):
        answer = client.get("/interventions/", headers={"accept-encoding": "gzip"})
    assert len(answer.content) < 45_000
    assert "no-store" in answer["Cache-Control"]
    words = opened(by).content.decode()
    assert 'class="name">Lampadaire 0' in words


@pytest.mark.django_db
def test_due_times_of_what_runs() -> None:
    one = means.mission(response_due=timezone.now())
    means.mission(status="done", response_due=timezone.now())
    means.mission()
    from access.selectors import access_of

    assert [key for key, _due in due_times(access_of(person(Role.CALL_TAKER)))] == [str(one.id)]


def test_every_word_that_the_scripts_ask_for_is_there() -> None:
    known = set(labels.board())
    asked = set(re.findall(r'\bt\("([\w.]+)"', SOURCE)) | set(re.findall(r'"(help\.\w+)"', SOURCE))
    acts = set(re.findall(r"^  (\w+): \{ ?(?:$|path)", SOURCE, re.MULTILINE)) & set(MOVES)
    assert len(acts) > 10
    asked |= {f"{head}.{act}" for head in ("do", "said") for act in acts}
    asked |= {f"work.{status}" for status in Status} | {f"pause.{reason}" for reason in PauseReason}
    asked |= {f"clock.{what}.{state}" for what in ("response", "repair") for state in ("fine", "late", "met", "missed")}
    assert asked - known == set()


def test_every_event_of_an_intervention_can_be_told() -> None:
    from interventions import events

    kinds = {event.kind for event in vars(events).values() if isinstance(event, type) and hasattr(event, "kind")}
    told = {key.removeprefix("event.") for key in labels.board() if key.startswith("event.")}
    of_missions = (events.InterventionEvent, events.Withdrawn)
    silent = {
        event.kind
        for event in vars(events).values()
        if isinstance(event, type) and not issubclass(event, of_missions) and hasattr(event, "kind")
    }
    silent.add("interventions.withdrawn")
    assert {kind for kind in kinds if kind} - told - silent == set()


def test_placeholders_are_the_same_in_both_languages() -> None:
    def holes(label: object) -> list[set[str]]:
        texts = label.values() if isinstance(label, dict) else [label]
        return [set(re.findall(r"\{\w+\}", str(text))) for text in texts]

    with translation.override("en"):
        english = {key: holes(label) for key, label in labels.board().items()}
    with translation.override("fr"):
        french = {key: holes(label) for key, label in labels.board().items()}
    assert english == french
