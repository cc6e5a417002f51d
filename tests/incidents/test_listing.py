"""The fast page shows exactly what the plain definition of sight and filters shows, in its order and its JSON."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from access import registry
from access.models import Organisation, Person
from access.roles import POLICE, RESTRICTED, Role, duty_audiences
from access.selectors import ANONYMOUS, Access, Holding
from incidents import listing, selectors
from incidents.models import Incident, Watch
from incidents.rows import IncidentRow, row_of
from incidents.selectors import Filters
from incidents.workflow import Priority, Source, Status
from tests import cast

pytestmark = pytest.mark.django_db
CATEGORIES = ("lighting.street_light_out", "roads.pothole", "public_safety.disturbance", "water.water_leak")
COMMUNES = (cast.DIJON, cast.CHENOVE, "21171")
START = datetime(2026, 1, 1, tzinfo=UTC)
# One duty of each sight that duties have.
SIGHTS = tuple({duty_audiences(role, organisation="o", communes=["c"]): role for role in reversed(Role)}.values())


@pytest.fixture
def city() -> list[Incident]:
    """Two hundred incidents of every kind, many of them declared in the same instant."""
    dice = random.Random(7)
    people, owners = [cast.person(None) for _ in range(2)], list(Organisation.objects.all()[:3])
    made = [_incident(dice, nr, people, owners) for nr in range(200)]
    Incident.objects.bulk_create(made)
    Watch.objects.bulk_create([Watch(incident=one, person=people[0]) for one in made[::5]])
    return made


def _incident(dice: random.Random, nr: int, people: list[Person], owners: list[Organisation]) -> Incident:
    one = Incident(
        reference=f"L-{nr:04d}", title=dice.choice(['Rue "noire"', "", "Fuite \\ d'eau\n", "Été"]), address=f"{nr} rue X",
        status=dice.choice([status for status in Status.values if status != Status.MERGED]),
        priority=dice.choice(Priority.values), sensitivity=dice.choice(["normal"] * 4 + ["restricted"]),
        category_id=dice.choice(CATEGORIES), source=dice.choice(Source.values), lat=47 + dice.random(), lon=5.25,
        commune_id=dice.choice(COMMUNES), organisation=dice.choice([None, *owners]),
        assignee=dice.choice([None, None, *people]), occurred_at=START + timedelta(microseconds=nr),
        declared_at=START + timedelta(hours=dice.randrange(60)), from_public=dice.random() < 0.3, search=f"l {nr} rue x",
        acknowledged_at=dice.choice([None, START]), resolution_due=dice.choice([None, START, START + timedelta(9999)]),
    )  # fmt: skip
    one.audiences = one.compute_audiences()
    return one


def access(
    role: Role, *, organisation: str = "", communes: tuple[str, ...] = (), granted: frozenset[str] = frozenset()
) -> Access:
    sight = duty_audiences(role, organisation=organisation, communes=list(communes))
    return Access(uuid4(), (Holding(role, organisation, communes, registry.carried(role), sight),), granted)


def everyone(city: list[Incident]) -> list[Access]:
    """Every sight, bound to communes and not, with names on restricted incidents and without; and nobody signed in."""
    names = frozenset(f"incident:{one.id}" for one in city if one.sensitivity == "restricted" and one.id.int % 2)
    owner = str(next(one.organisation_id for one in city if one.organisation_id))
    bounds: tuple[tuple[str, ...], ...] = ((), COMMUNES[:1], COMMUNES[1:])
    duties = [access(role, organisation=owner, communes=bound) for role in SIGHTS for bound in bounds]
    named = [
        access(role, organisation=owner, granted=names)
        for role in (Role.CRISIS_MEMBER, Role.CREW_LEADER, Role.CALL_TAKER)
    ]
    both = Access(uuid4(), (*duties[-1].holdings, *access(Role.CREW_LEADER, organisation=owner).holdings), names)
    return [*duties, *named, both, ANONYMOUS]


def narrowings(city: list[Incident]) -> list[Filters]:
    person, owner = (
        next(getattr(one, name) for one in city if getattr(one, name)) for name in ("assignee_id", "organisation_id")
    )
    watcher = Watch.objects.values_list("person_id", flat=True)[0]
    return [
        Filters(),
        *(Filters(status=(status,)) for status in ("declared", "closed")),
        Filters(priority=("P1", "P2"), open=True),
        *(Filters(category=(key,)) for key in ("lighting", CATEGORIES[1])),
        Filters(commune=COMMUNES[:1]),
        Filters(organisation=(owner,)),
        Filters(assignee=person),
        Filters(source=("citizen", "phone")),
        Filters(watched_by=watcher),
        Filters(q="rue 1"),
        Filters(bbox=(5.0, 47.2, 5.3, 47.6)),
        Filters(since=START + timedelta(hours=10), until=START + timedelta(hours=40)),
        Filters(late=True),
    ]


def plain(who: Access, filters: Filters) -> list[IncidentRow]:
    found = selectors.visible(who).filter(selectors.matching(filters)).select_related("organisation", "assignee")
    return [row_of(one) for one in found.order_by(*selectors.ORDER)]


def walked(who: Access, filters: Filters, limit: int) -> list[IncidentRow]:
    """All pages, one after the other."""
    rows: list[IncidentRow] = []
    page = listing.page(access=who, filters=filters, limit=limit)
    while True:
        here = msgspec.json.decode(page.rows, type=list[IncidentRow])
        assert len(here) == limit if page.next else len(here) <= limit
        rows += here
        if page.next is None:
            return rows
        page = listing.page(access=who, filters=filters, after=page.next, limit=limit)


def test_every_duty_and_filter_gives_what_the_plain_definition_gives(city: list[Incident]) -> None:
    seen = set()
    for who in everyone(city):
        for filters in narrowings(city):
            expected = plain(who, filters)
            assert walked(who, filters, 60) == expected, (who, filters)
            seen.add(len(expected))
    assert len(seen) > 30


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_pages_of_any_size_follow_each_other(city: list[Incident], limit: int) -> None:
    for who in (access(Role.MUNICIPAL_POLICE, communes=COMMUNES), access(Role.CALL_TAKER)):
        assert walked(who, Filters(), limit) == plain(who, Filters())


def test_rows_are_the_text_that_msgspec_makes(city: list[Incident]) -> None:
    who = access(Role.AUDITOR)
    assert listing.page(access=who, filters=Filters(), limit=200).rows == msgspec.json.encode(plain(who, Filters()))


def test_every_kind_of_audience_has_its_branch(city: list[Incident]) -> None:
    assert {name.partition(":")[0] for one in city for name in one.audiences} == listing.KINDS


def test_what_is_left_out_for_the_whole_post_is_within_it(city: list[Incident]) -> None:
    """A branch of a commune or an organisation is not walked beside the whole post: it must hold nothing else."""
    for one in city:
        kinds = {name.partition(":")[0] for name in one.audiences}
        assert "post" in kinds if kinds & {"commune", "organisation"} else kinds <= {"incident", RESTRICTED, POLICE}


def test_an_audience_on_a_row_of_another_commune_is_not_followed_by_a_forged_name() -> None:
    stranger: Any = Access(uuid4(), (), frozenset({f"incident:{UUID(int=0)}"}))
    assert listing.page(access=stranger, filters=Filters()).rows == b"[]"


def test_a_search_for_signs_alone_finds_everything(city: list[Incident]) -> None:
    everything = listing.page(access=access(Role.CALL_TAKER), filters=Filters(), limit=50)
    for signs in ("%", "'", "\u2026 \u4e2d"):
        assert listing.page(access=access(Role.CALL_TAKER), filters=Filters(q=signs), limit=50) == everything
