"""Declaring: one call makes an incident and its first report, recorded, numbered and owned."""

import json
from datetime import UTC, datetime, timedelta
from datetime import timezone as zone
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.models import Duty, Organisation
from access.roles import Role
from access.selectors import access_of
from incidents import selectors, services
from incidents.models import Category, Counter, Incident, Report
from incidents.services.restricting import named_people
from journal.errors import Conflict, Invalid, NotAllowed, Problem
from journal.models import Entry, Head
from tests import cast

pytestmark = pytest.mark.django_db
LAT, LON = cast.SPOTS[cast.DIJON]


def draft(**more: Any) -> services.Draft:
    return services.Draft(**{"category": cast.LIGHT, "lat": LAT, "lon": LON, **more})


def test_one_call_makes_incident_report_and_entry() -> None:
    by = cast.person(Role.CALL_TAKER)
    told = draft(
        description="Tout est noir", reporter_name="Jeanne Dupont", reporter_phone="06 12 34 56 78", source="phone"
    )
    made = services.declare(by=by, draft=told)
    stored = Incident.objects.get(id=made.id)
    assert (stored.status, stored.commune_id, stored.organisation.key) == ("declared", "21231", "eclairage")  # type: ignore[union-attr]
    assert stored.priority == stored.category.default_priority
    assert stored.response_due == stored.declared_at + timedelta(minutes=stored.category.first_response_minutes)
    assert stored.audiences == sorted(["post", "commune:21231", f"organisation:{stored.organisation_id}"])
    report = Report.objects.get(incident=made)
    assert (report.id, report.reporter_name, report.description) == (told.id, "Jeanne Dupont", "Tout est noir")
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.kind, entry.about, entry.by) == ("incidents.declared", made.id, by.id)
    assert json.loads(entry.data)["row"]["reference"] == made.reference


def test_nothing_personal_reaches_the_journal() -> None:
    """Scans every entry made in a whole story for every personal value that went in."""
    by, start = cast.person(Role.INTERVENTION_COORDINATOR), Head.objects.get().seq
    secrets = {
        "reporter_name": "Zébulon Quatremaille",
        "reporter_phone": "+33 6 98 76 54 32",
        "reporter_email": "zebulon@exemple.fr",
        "description": "je suis le voisin du troisième",
    }
    made = services.declare(by=by, draft=draft(**secrets))
    services.add_report(incident_id=made.id, by=by, draft=draft(**secrets))
    services.qualify(incident_id=made.id, by=by, priority="P2", category=cast.LIGHT, title="Rue noire")
    services.comment(incident_id=made.id, by=by, text="Zébulon Quatremaille a rappelé")
    for text in ("Zebulon  QUATREMAILLE dit merci", "appeler le 0698765432 svp ou +33698765432", "zebulon@exemple.fr"):
        with pytest.raises(Invalid, match="not right"):
            services.cancel(incident_id=made.id, by=by, reason=text)
    services.resolve(incident_id=made.id, by=by, outcome="ampoule changée")
    told = [entry.data for entry in Entry.objects.filter(seq__gt=start)]
    assert len(told) == 5
    for secret in [*secrets.values(), "Quatremaille", "98765432", "98 76 54 32"]:
        assert not any(secret in data for data in told), secret
    stored = Incident.objects.filter(id=made.id).values_list("search", "title", "address").get()
    assert not any("quatremaille" in text.lower() for text in stored)


def test_a_title_that_names_the_reporter_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        services.declare(
            by=cast.person(Role.CALL_TAKER), draft=draft(title="Appel de J. DUPONT", reporter_name="Dupont")
        )
    assert list(refused.value.extra["errors"]) == ["title"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "lighting.nothing"),
        ("category", "lighting"),
        ("priority", "P0"),
        ("source", "rumour"),
        ("sensitivity", "secret"),
        ("lat", 48.85),
        ("title", "x" * 161),
        ("description", "x" * 4001),
        ("occurred_at", timezone.now() + timedelta(hours=1)),
        ("occurred_at", timezone.now().replace(tzinfo=None)),
    ],
)
def test_bad_values_are_named_and_nothing_is_made(field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        services.declare(by=cast.person(Role.CALL_TAKER), draft=draft(**{field: value}))
    assert list(refused.value.extra["errors"]) == [field]
    assert not Incident.objects.exists()


def test_the_same_report_id_twice_is_one_report_and_somebody_elses_is_a_conflict() -> None:
    by, told = cast.person(Role.CALL_TAKER), draft()
    first = services.declare(by=by, draft=told)
    assert services.declare(by=by, draft=told).id == first.id
    with pytest.raises(Conflict):
        services.declare(by=cast.person(Role.CALL_TAKER), draft=told)
    assert Report.objects.count() == 1


def test_many_at_once_each_for_itself_with_a_fixed_number_of_queries() -> None:
    by, twin = cast.person(Role.CITIZEN_GATEWAY), uuid4()
    drafts = [draft(source="citizen") for _ in range(50)]
    drafts += [draft(id=twin), draft(id=twin), draft(lat=0.0), draft(category="nope")]

    def queries(batch: list[services.Draft]) -> tuple[int, list[Incident | Problem]]:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            results = services.declare_many(by=by, drafts=batch)
        return len(seen), results

    few, _one = queries([draft()])
    many, results = queries(drafts)
    assert many == few
    assert [type(result) for result in results[50:]] == [Incident, Incident, Invalid, Invalid]
    assert results[50] is results[51]
    references = sorted(made.reference for made in Incident.objects.all())
    year = timezone.localtime().year
    assert references == [f"DM-{year}-{number:06d}" for number in range(1, 53)]
    assert Counter.objects.get(year=year).last == 52


def test_a_commune_officer_declares_at_home_only_and_nobody_without_a_duty() -> None:
    officer = cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,))
    lat, lon = cast.SPOTS[cast.CHENOVE]
    assert services.declare(by=officer, draft=draft(lat=lat, lon=lon)).commune_id == cast.CHENOVE
    for by in (officer, cast.person(None), cast.person(Role.AUDITOR), cast.person(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed):
            services.declare(by=by, draft=draft())


def test_only_who_may_restrict_declares_restricted() -> None:
    with pytest.raises(NotAllowed):
        services.declare(by=cast.person(Role.CALL_TAKER), draft=draft(sensitivity="restricted"))
    made = services.declare(by=cast.person(Role.MUNICIPAL_POLICE), draft=draft(sensitivity="restricted"))
    assert made.audiences == sorted([f"incident:{made.id}", "restricted"])


@pytest.mark.parametrize("role", [Role.MUNICIPAL_POLICE, Role.CRISIS_DIRECTOR])
def test_whoever_declares_restricted_is_named_on_it(role: Role) -> None:
    by = cast.person(role)
    made = services.declare(by=by, draft=draft(sensitivity="restricted"))
    assert selectors.get(incident_id=made.id, access=access_of(by)) == made
    assert services.declare(by=by, draft=draft()).sensitivity == "normal"
    assert [person.id for person in named_people(made)] == [by.id]


def test_telling_it_again_shows_nothing_of_what_one_may_not_see() -> None:
    by, chief, told = cast.person(Role.CALL_TAKER), cast.person(Role.CRISIS_DIRECTOR), draft(title="Rue noire")
    made = services.declare(by=by, draft=told)
    services.restrict(incident_id=made.id, by=chief, reason="enquête")
    services.edit(incident_id=made.id, by=chief, title="Planque", address="3 rue X")
    again = services.declare(by=by, draft=told)
    assert (again.id, again.reference, again.declared_at) == (made.id, made.reference, made.declared_at)
    assert (again.title, again.address, again.sensitivity, again.version) == ("Rue noire", "", "normal", 1)
    assert services.declare(by=chief, draft=draft()).reference != made.reference
    assert Incident.objects.count() == 2


def test_telling_it_again_after_a_merge_gives_what_it_made_and_needs_the_right_still() -> None:
    by, chief, told = cast.person(Role.COMMUNE_OFFICER), cast.person(Role.CRISIS_DIRECTOR), draft()
    made, survivor = services.declare(by=by, draft=told), cast.incident(commune=cast.CHENOVE)
    services.merge(incident_id=made.id, into=survivor.id, by=chief)
    assert services.declare(by=by, draft=told).reference == made.reference
    lat, lon = cast.SPOTS[cast.CHENOVE]
    services.unmerge(incident_id=made.id, by=chief, reason="à part")
    services.move(incident_id=made.id, by=chief, lat=lat, lon=lon)
    Duty.objects.filter(person=by).update(communes=["21171"])
    with pytest.raises(NotAllowed):
        services.declare(by=by, draft=told)


@pytest.mark.parametrize("name", ["Ольга", "李雷", "An", "Éric"])
def test_no_name_stands_in_the_way_of_telling(name: str) -> None:
    told = draft(title="Lampadaire éteint en panne, rue périphérique", reporter_name=name)
    assert services.declare(by=cast.person(Role.CALL_TAKER), draft=told).title


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Jeanne Durand", "chez Jeanne DURAND"),
        ("Jeanne Durand", "demander le 06.12.34.56.78"),
        ("Jeanne Durand", "jeanne@exemple.fr, 2e étage"),
        ("чёрная Ольга", "rue X, ЧЁРНАЯ ОЛЬГА"),
    ],
)
def test_an_address_names_no_reporter_but_streets_bear_names(name: str, said: str) -> None:
    by = cast.person(Role.CALL_TAKER)
    person = {"reporter_phone": "0612345678", "reporter_email": "jeanne@exemple.fr"}
    with pytest.raises(Invalid) as refused:
        services.declare(by=by, draft=draft(address=said, reporter_name=name, **person))
    assert list(refused.value.extra["errors"]) == ["address"]
    fine = draft(address="3 rue Saint-Martin", reporter_name="Martin", **person)
    assert services.declare(by=by, draft=fine).address == "3 rue Saint-Martin"


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=zone(timedelta(hours=14))), datetime(2005, 1, 1, tzinfo=UTC)])
def test_nothing_happened_ages_ago(at: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        services.declare(by=cast.person(Role.CALL_TAKER), draft=draft(occurred_at=at))
    assert list(refused.value.extra["errors"]) == ["occurred_at"]


def test_public_safety_belongs_to_the_commune_s_own_police() -> None:
    by = cast.person(Role.CALL_TAKER)
    safety = Category.objects.filter(key__startswith="public_safety.", organisation__isnull=False).order_by("key")[0]
    lat, lon = cast.SPOTS[cast.CHENOVE]
    with CaptureQueriesContext(connection) as usual:
        services.declare(by=by, draft=draft(lat=lat, lon=lon))
    told = [draft(lat=lat, lon=lon, category=safety.key), draft(category=safety.key), draft(lat=lat, lon=lon)]
    with CaptureQueriesContext(connection) as asked:
        made = services.declare_many(by=by, drafts=told)
    assert len(asked) == len(usual)
    owners = [one.organisation.key for one in made if isinstance(one, Incident) and one.organisation]
    assert owners == ["police-municipale-chenove", "police-municipale-dijon", "eclairage"]
    lamp = made[2]
    assert isinstance(lamp, Incident)
    qualified = services.qualify(incident_id=lamp.id, by=by, priority="P2", category=safety.key)
    assert qualified.organisation == cast.organisation("police-municipale-chenove")
    Organisation.objects.filter(kind="police").update(commune="")
    assert services.declare(by=by, draft=draft(category=safety.key)).organisation == safety.organisation
