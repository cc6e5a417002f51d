"""Two rooms, one truth, nothing lost, whole: real workers and a simulated prefecture as a program of its own. A cell is opened
and reports; both leave, are integrated and read by the officer over there; an instruction comes back with a deadline and
is an action of the cell; the link is cut and restored; and both ledgers end the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import httpx
import psycopg
import pytest
from playwright.sync_api import Page, expect

from access.roles import Role
from crisis import services as crisis
from crisis.models import Action, Cell
from journal.verification import verify
from notifications.models import Message as Told
from ondijon.stack import prefecture as other
from ondijon.stack import programs
from ondijon.stack.ports import wait_until
from ondijon.stack.post import Plan, Post
from ondijon.stack.processes import Child
from ondijon.stack.pytest_plugin import BROKER, DATABASE, FOLDER
from prefecture import selectors
from prefecture.models import Instruction, Message
from tests import cast
from tests.browser.conftest import Enter
from tests.conftest import PATIENCE_S, Server
from tests.crisis import world

pytestmark = pytest.mark.usefixtures("committed")
SCHEMA = "cod_scenario"


@dataclass
class Cod:
    """The prefecture's room, as its officer works it: by the forms of its page."""

    url: str
    post: Post

    def do(self, what: str, **form: str) -> None:
        answer = httpx.post(f"{self.url}/{what}", data=form, headers={"Origin": self.url}, timeout=PATIENCE_S)
        assert answer.status_code == 303, answer.text

    def inbox(self) -> str:
        return httpx.get(f"{self.url}/inbox", timeout=PATIENCE_S).text

    def rows(self, query: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
        """What stands in its own ledger."""
        with psycopg.connect(DATABASE.owner, options=f"-c search_path={SCHEMA}") as db:
            return db.execute(query, values).fetchall()

    def read_all(self) -> None:
        for (id_,) in self.rows("select id from message where direction = 'in' and sequence is not null"):
            self.do("read", message=str(id_))


@pytest.fixture
def cod(server: Server) -> Iterator[Cod]:
    """A post with its own web and live servers, workers and beat on this test's database; the other side beside it."""
    side = other.OtherSide.make()
    env = {**server.post.plan.env, **side.for_the_post(), "SECRET_KEY": server.post.environ()["SECRET_KEY"]}
    plan = Plan(
        folder=FOLDER / "linked", web=1, live=1, workers=1, beat=1, env=env,
        database_url=DATABASE.app, owner_url=DATABASE.owner, redis_url=BROKER.url,
    )  # fmt: skip
    with Post(plan) as post:
        client = other.client_of(post)
        itself = {**post.environ(), **side.for_itself(post.web_urls[0], client), "SIM_SCHEMA": SCHEMA}
        room = Child("prefecture", programs.prefecture(side.port), itself, post.logs / "prefecture.log", side.port)
        room.start()
        post.start_programs()
        yield Cod(side.url, post)
        room.kill()
    with psycopg.connect(DATABASE.owner, autocommit=True) as owner:
        owner.execute(f"drop schema {SCHEMA} cascade")


def test_a_cell_reports_is_read_instructed_cut_off_and_nothing_is_lost(cod: Cod, enter: Enter) -> None:
    by = cast.person(Role.CRISIS_DIRECTOR, name="Jérôme Vincent")
    cell = world.opened(by, title="Crue de l’Ouche")
    desk = enter(by, f"{cod.post.web_urls[0]}/crisis/{cell.id}/", size=(1920, 1080))
    desk.live()
    page, pane = desk.page, desk.page.locator("#pref-pane")
    expect(pane.locator(".lnk")).to_contain_text("Liaison ouverte")
    activation = pane.locator(".ms", has_text="Activation de la cellule de crise")
    expect(activation.locator(".steps .done")).to_have_count(2)  # received, integrated

    page.locator("[data-open=report]").click()
    page.locator("#report textarea").first.fill("Ouche à 1,95 m, parc fermé.")
    expect(page.locator("#report .hint").first).to_contain_text("Enregistré")
    page.get_by_role("button", name="Approuver en mon nom").click()
    page.get_by_role("button", name="Envoyer à la préfecture").click()
    expect(page.locator("#report .report-head")).to_contain_text("envoyé à la préfecture")
    page.locator("#report").get_by_role("button", name="Fermer").click()
    report = pane.locator(".ms", has_text="Point de situation n° 1")
    expect(report.locator(".steps .done")).to_have_count(2)
    assert "Ouche à 1,95 m, parc fermé." in cod.inbox()
    cod.read_all()
    for sent in (activation, report):
        expect(sent.locator(".steps .done")).to_have_count(3)
        expect(sent.locator(".steps")).to_contain_text("Permanence COD")

    cod.do("instruct", crisis=str(cell.id), number="COD-0012", text="Confirmer 150 places", due_at="2050-01-01T10:00")
    card = pane.locator(".ins", has_text="COD-0012")
    expect(card).to_be_visible()
    task = page.locator("#board .task", has_text="COD-0012")
    expect(task).to_be_visible()
    expect(page.locator("#log-lines .line", has_text="COD-0012").first).to_contain_text("Confirmer 150 places")
    one, action = Instruction.objects.get(), Action.objects.get()
    assert (one.action, one.due_at) == (action.id, action.due_at)

    cut_and_restored(cod, cell, page)
    task.click()
    page.get_by_role("button", name="Fait", exact=True).click()
    expect(pane.locator(".ins")).to_have_count(0)
    one.refresh_from_db()
    assert one.status == "done"
    assert verify().broken is None
    assert (desk.violations(), desk.complaints) == ([], [])


def cut_and_restored(cod: Cod, cell: Cell, page: Page) -> None:
    """What is said while the link is cut waits in its order, in sight, with the phone number; then all of it arrives."""
    pane = page.locator("#pref-pane")
    cod.do("behave", down="on")
    crisis.set_level(cell_id=cell.id, by=cell.director, level="crisis", reason="2,10 m prévus")
    pane.get_by_role("button", name="Écrire").click()
    page.locator("#pref-title").fill("Voie basse fermée")
    page.locator("#pref-text").fill("20 cm d’eau sur la chaussée.")
    pane.get_by_role("button", name="Envoyer à la préfecture").click()
    measure = pane.locator(".ms", has_text="Voie basse fermée")
    expect(measure.locator(".steps .wait")).to_have_count(3)
    expect(pane.locator(".lnk")).to_contain_text("Liaison coupée")
    expect(page.locator("#pref-chip")).to_contain_text(other.PHONE)
    expect(pane.locator(".esc").first).to_contain_text(other.PHONE)
    assert selectors.link().waiting == 2
    assert not Told.objects.exists()  # a short cut calls nobody
    cod.do("behave")
    expect(pane.locator(".lnk")).to_contain_text("Liaison ouverte")
    expect(measure.locator(".steps .done")).to_have_count(2)
    assert wait_until(lambda: selectors.link().waiting == 0, seconds=PATIENCE_S)
    arrived = cod.rows(
        "select kind, message_id from message where direction = 'in' and crisis = %s and sequence is not null "
        "order by sequence", cell.id,
    )  # fmt: skip
    ((last, chain),) = cod.rows("select last, chain from channel where direction = 'in' and crisis = %s", cell.id)
    sent = Message.objects.filter(direction="out", crisis=cell.id, sequence__isnull=False).order_by("sequence")
    assert arrived == list(sent.values_list("kind", "message_id"))
    newest = sent.last()
    assert newest is not None
    assert (newest.sequence, bytes(newest.chain or b"")) == (last, bytes(chain))
