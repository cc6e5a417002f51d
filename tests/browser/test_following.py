"""The open incident's escalation and procedures, by keyboard and by mouse, in both languages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect

from access.roles import Role
from incidents.models import ProcedureMark, ProcedureRun, StepAct
from incidents.services import proceeding
from tests import cast
from tests.browser.conftest import Enter
from tests.incidents.escalations import declared, pass_time, policy, step

pytestmark = pytest.mark.usefixtures("committed")
GAS = "hazard.gas_leak"
CHIEF = Role.INTERVENTION_COORDINATOR


def gas_policy() -> None:
    policy(
        step(2, StepAct.DUTY, role=CHIEF, vital=True), step(5, StepAct.ROTA, rota="direction", vital=True),
        step(15, StepAct.CRISIS), category_id=GAS, untouched=15, name="Gaz",
    )  # fmt: skip


def test_it_says_what_happened_and_what_happens_next(enter: Enter) -> None:
    cast.person(CHIEF, name="Farid Benali")
    gas_policy()
    caller = cast.person(Role.CALL_TAKER)
    made = declared(caller, category=GAS, address="rue Monge")
    pass_time(made, 3)
    desk = enter(caller, f"/?incident={made.id}")
    box = desk.page.locator(".escalation")
    expect(box).to_contain_text("Personne ne l’a pris en charge")
    expect(box.locator("li.met")).to_contain_text("Farid Benali")
    expect(box.locator("li.ahead .mono")).to_contain_text("01:")
    desk.live()
    desk.page.keyboard.press("a")
    expect(box).to_contain_text("Pris en charge")
    desk.page.keyboard.press("s")
    desk.page.get_by_label("Pourquoi").fill("équipe sur place")
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_role("button", name="Mettre de côté").last.click()
    expect(box).to_contain_text("Mis de côté par")
    assert (desk.violations(), desk.complaints) == ([], [])


def test_news_leaves_a_person_on_the_same_button_and_the_reason_being_written(enter: Enter) -> None:
    """Thrown onto the box above, the next Enter would tick a step that nobody has done."""
    caller = cast.person(Role.CALL_TAKER)
    made = declared(caller, category=GAS)
    desk = enter(caller, f"/?incident={made.id}")
    desk.live()
    steps = desk.page.locator(".todo > li")
    skip = steps.nth(1).get_by_role("button", name="Passer")
    skip.focus()
    run = ProcedureRun.objects.get(incident=made)
    proceeding.tick(incident_id=made.id, by=caller, run=run.id, step=3, state="done")
    expect(steps.nth(2)).to_have_class("done")
    expect(skip).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type("secours déjà")
    proceeding.tick(incident_id=made.id, by=caller, run=run.id, step=4, state="done")
    expect(steps.nth(3)).to_have_class("done")
    desk.page.keyboard.type(" sur place")
    desk.page.keyboard.press("Enter")
    expect(steps.nth(1)).to_contain_text("secours déjà sur place")


def test_the_answer_to_a_tick_does_not_take_the_reason_begun_meanwhile(enter: Enter) -> None:
    caller = cast.person(Role.CALL_TAKER)
    made = declared(caller, category=GAS)
    desk = enter(caller, f"/?incident={made.id}")
    desk.live()
    held: list[Route] = []
    desk.page.route("**/ticks/", lambda route: held.append(route))
    steps = desk.page.locator(".todo > li")
    with desk.page.expect_request("**/ticks/"):
        steps.first.get_by_role("checkbox").press("Space")
    steps.nth(1).get_by_role("button", name="Passer").press("Enter")
    desk.page.keyboard.type("secours déjà")
    held[0].continue_()
    expect(steps.first).to_have_class("done")
    desk.page.keyboard.type(" sur place")
    expect(steps.nth(1).get_by_role("textbox")).to_have_value("secours déjà sur place")


@pytest.mark.parametrize(("language", "skip"), [("fr", "Passer"), ("en", "Skip")])
def test_steps_are_ticked_and_skipped_from_the_keyboard(enter: Enter, language: str, skip: str) -> None:
    caller = cast.person(Role.CALL_TAKER, name="Amandine Roy")
    made = declared(caller, category=GAS)
    desk = enter(caller, f"/?incident={made.id}", language=language)
    desk.live()
    first = desk.page.locator(".todo > li").first
    first.get_by_role("checkbox").focus()
    desk.page.keyboard.press("Space")
    expect(first).to_contain_text("Amandine Roy")
    second = desk.page.locator(".todo > li").nth(1)
    second.get_by_role("button", name=skip).focus()
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type("secours déjà sur place")
    desk.page.keyboard.press("Enter")
    expect(second).to_contain_text("secours déjà sur place")
    assert ProcedureMark.objects.filter(run__incident=made).count() == 2
    results = Axe().run(desk.page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert results.violations_count == 0, results.generate_report()
    assert (desk.violations(), desk.complaints) == ([], [])
