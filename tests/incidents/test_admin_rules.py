"""The editors: saving publishes a version through the service, a preview saves nothing."""

from typing import Any

import pytest
from django.test import Client as Browser

from access.models import Person
from access.roles import Role
from incidents.models import Policy, PolicyVersion, Procedure, ProcedureVersion
from incidents.policies import PUBLISHED as POLICIES
from incidents.procedures import PUBLISHED as PROCEDURES
from journal.errors import Invalid, NotAllowed
from journal.models import Entry
from tests import cast
from tests.incidents.escalations import policy, step
from tests.incidents.test_procedures import procedure

pytestmark = pytest.mark.django_db
PROCEDURE = {
    "key": "fuite", "name": "Fuite", "category": "water.water_leak", "season": "all", "purpose": "Couper", "active": "on",
}  # fmt: skip
POLICY = {
    "key": "eau",
    "name": "Eau",
    "category": "water",
    "calendar": "night",
    "untouched": "00:15:00",
    "active": "on",
}


@pytest.fixture
def chief(client: Browser) -> Person:
    person = cast.person(Role.ADMINISTRATOR)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


def lines(*rows: dict[str, Any], kept: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {"steps-TOTAL_FORMS": len(rows), "steps-INITIAL_FORMS": kept}
    data |= {"steps-MIN_NUM_FORMS": 0, "steps-MAX_NUM_FORMS": 1000}
    return data | {f"steps-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


STEPS = lines(
    {"position": 2, "who": "Poste", "what": "Puis ceci", "within": "", "phones": "", "links": ""},
    {
        "position": 1, "who": "Téléconseiller", "what": "D'abord cela", "within": 5, "phones": "Pompiers: 18",
        "links": "Le plan https://exemple.fr/plan",
    },
    {"position": "", "who": "", "what": "", "within": "", "phones": "", "links": ""},
)  # fmt: skip


def test_a_procedure_is_previewed_then_published(client: Browser, chief: Person) -> None:
    page = client.post("/admin/incidents/procedure/preview/", {**PROCEDURE, **STEPS}).content.decode()
    assert page.index("D&#x27;abord cela") < page.index("Puis ceci")
    assert 'href="tel:18"' in page
    assert not Procedure.objects.filter(key="fuite").exists()
    answer = client.post("/admin/incidents/procedure/add/", {**PROCEDURE, **STEPS})
    assert answer.status_code == 302, answer.content
    made = Procedure.objects.get(key="fuite")
    assert made.current_id is not None
    frozen = PROCEDURES[made.current_id]
    assert [step.what for step in frozen.steps] == ["D'abord cela", "Puis ceci"]
    assert (frozen.steps[0].phones[0].number, frozen.steps[0].links[0].url) == ("18", "https://exemple.fr/plan")
    entry = Entry.objects.get(kind="incidents.procedure_published", by=chief.id)
    assert entry.about == made.id


def test_changed_it_is_another_version(client: Browser, chief: Person) -> None:
    made = procedure()
    first = made.current_id
    kept = [{"id": one.id, "position": one.position, "who": one.who, "what": one.what} for one in made.steps.all()]
    kept[0]["DELETE"] = "on"
    kept[1]["what"] = "autrement"
    data = {**PROCEDURE, "category": cast.LIGHT, **lines(*kept, kept=3)}
    assert client.get(f"/admin/incidents/procedure/{made.id}/change/").status_code == 200
    assert "autrement" in client.post(f"/admin/incidents/procedure/{made.id}/preview/", data).content.decode()
    assert client.post(f"/admin/incidents/procedure/{made.id}/change/", data).status_code == 302
    made.refresh_from_db()
    assert made.key == "essai", "a key never changes"
    assert made.current_id is not None
    assert [step.what for step in PROCEDURES[made.current_id].steps] == ["autrement", "faire 3"]
    assert ProcedureVersion.objects.filter(procedure=made).count() == 2
    assert made.current_id != first


def test_a_policy_is_previewed_then_published(client: Browser, chief: Person) -> None:
    rows = lines(
        {"after": "00:10:00", "act": "crisis"},
        {"after": "00:02:00", "act": "duty", "role": "crisis_director", "vital": "on"},
    )
    data = {**POLICY, "priorities": ["P1", "P2"], "communes": [cast.DIJON], **rows}
    page = client.post("/admin/incidents/policy/preview/", data).content.decode()
    assert "+2 min" in page
    assert client.post("/admin/incidents/policy/add/", data).status_code == 302
    made = Policy.objects.get(key="eau")
    assert made.current_id is not None
    frozen = POLICIES[made.current_id]
    assert [(step.after, step.act) for step in frozen.steps] == [(120, "duty"), (600, "crisis")]
    assert (frozen.priorities, frozen.communes, frozen.untouched) == (("P1", "P2"), (cast.DIJON,), 900)
    assert PolicyVersion.objects.get(policy=made).made_by == chief


@pytest.mark.parametrize(
    "row",
    [{"after": "00:02:00", "act": "duty"}, {"after": "00:00:10", "act": "policy"}, {"after": "", "act": "crisis"}],
)
def test_a_step_without_its_target_is_refused_in_the_form(client: Browser, chief: Person, row: dict[str, str]) -> None:
    data = {**POLICY, **lines(row)}
    assert "errorlist" in client.post("/admin/incidents/policy/add/", data).content.decode()
    assert "errorlist" in client.post("/admin/incidents/policy/preview/", data).content.decode()
    assert not Policy.objects.filter(key="eau").exists()


def test_the_service_refuses_as_well() -> None:
    from incidents.models import StepAct
    from incidents.services.publishing import save_policy, save_procedure

    with pytest.raises(Invalid):
        policy(step(1, StepAct.DUTY))
    with pytest.raises(Invalid):
        procedure(steps=0)
    for by in (cast.person(Role.CALL_TAKER), cast.person(Role.CRISIS_DIRECTOR)):
        with pytest.raises(NotAllowed):
            save_policy(policy=Policy(key="x", name="x"), steps=[], by=by)
        with pytest.raises(NotAllowed):
            save_procedure(procedure=Procedure.objects.all()[0], steps=[], by=by)


def test_nobody_else_gets_in(client: Browser) -> None:
    client.force_login(cast.person(Role.CRISIS_DIRECTOR), backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in ("policy/", "policy/preview/", "procedure/add/"):
        assert client.get(f"/admin/incidents/{page}").status_code == 302


def test_what_people_changed_is_not_overwritten_by_the_houses_file(chief: Person) -> None:
    from incidents.catalogue_rules import load_policies, load_procedures
    from incidents.services.publishing import save_policy

    versions = PolicyVersion.objects.count(), ProcedureVersion.objects.count()
    load_policies()
    load_procedures()
    assert (PolicyVersion.objects.count(), ProcedureVersion.objects.count()) == versions, "nothing new: no version"
    mine = Policy.objects.get(key="p1")
    save_policy(policy=mine, steps=[], by=chief)
    load_policies()
    mine.refresh_from_db()
    assert mine.current_id is not None
    assert POLICIES[mine.current_id].steps == ()
