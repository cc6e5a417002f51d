"""Nothing waits unseen, whole: a vital incident that nobody takes up walks through its steps by real workers to a text
message at a gateway; its owner answers OK; every desk sees it taken up, and the record says by whom and how."""

import os
from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import expect

from access.models import Person
from access.roles import Role
from incidents.models import Escalation, Incident, StepAct
from journal.models import Entry
from journal.verification import verify
from notifications.local_gateway.server import Gateway
from notifications.models import Contact, Message
from ondijon.stack.ports import wait_until
from ondijon.stack.post import Plan, Post
from ondijon.stack.pytest_plugin import BROKER, DATABASE, FOLDER
from tests import cast
from tests.browser.conftest import Enter
from tests.conftest import PATIENCE_S, Server
from tests.incidents.escalations import declared, happened, policy, step

pytestmark = pytest.mark.usefixtures("committed")
SECRET, PHONE = "a secret that both sides know", "+33612345678"
GAS = "hazard.gas_leak"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    opened = Gateway(("127.0.0.1", 0), secret=SECRET)
    Thread(target=opened.serve_forever, daemon=True).start()
    yield opened
    opened.shutdown()
    opened.server_close()


@pytest.fixture
def workers(server: Server, gateway: Gateway) -> Iterator[Post]:
    """Real workers and beat on this test's database, and a web server that knows the gateway's secret."""
    env = {"DEMO": "1", "MEDIA_ROOT": os.environ["MEDIA_ROOT"], "GATEWAY_URL": gateway.url, "GATEWAY_SECRET": SECRET}
    plan = Plan(
        folder=FOLDER / "workers", live=0, workers=1, beat=1, env=env,
        database_url=DATABASE.app, owner_url=DATABASE.owner, redis_url=BROKER.url,
    )  # fmt: skip
    with Post(plan) as post:
        post.start_programs()
        gateway.post = post.web_urls[0]
        yield post


def with_phone(role: Role, name: str) -> Person:
    person = cast.person(role, name=name)
    Contact.objects.create(person=person, phone=PHONE)
    return person


def test_a_vital_one_reaches_a_telephone_and_the_answer_takes_it_up(
    server: Server, workers: Post, gateway: Gateway, enter: Enter
) -> None:
    caller, director = cast.person(Role.CALL_TAKER), with_phone(Role.CRISIS_DIRECTOR, "Jérôme Vincent")
    policy(
        step(0.02, StepAct.DUTY, role=Role.INTERVENTION_COORDINATOR),
        step(0.05, StepAct.DUTY, role=Role.CRISIS_DIRECTOR, vital=True),
        step(600, StepAct.CRISIS),
        category_id=GAS, name="Gaz",
    )  # fmt: skip
    made = declared(caller, category=GAS, address="rue Monge")
    desk = enter(caller, f"/?incident={made.id}")
    desk.live()

    assert wait_until(lambda: any(item.to == PHONE for item in gateway.store.all()), seconds=PATIENCE_S), happened(made)
    box = desk.page.locator(".escalation")
    expect(box.locator("li.met").last).to_contain_text("Jérôme Vincent")
    assert Incident.objects.get(id=made.id).acknowledged_at is None

    heard = gateway.reply(PHONE, "OK")
    assert heard.get("answer"), heard
    expect(box).to_contain_text("Pris en charge")
    expect(desk.page.locator("#drawer")).to_contain_text("Jérôme Vincent l’a acquitté")

    entry = Entry.objects.get(kind="incidents.acknowledged", about=made.id)
    assert entry.by == director.id
    assert Message.objects.get(person=director, about=made.id).acknowledged_by == "sms"
    assert Escalation.objects.get(incident=made).state == "taken"
    assert PHONE not in "".join(Entry.objects.values_list("data", flat=True))
    assert verify().broken is None
    assert (desk.violations(), desk.complaints) == ([], [])
