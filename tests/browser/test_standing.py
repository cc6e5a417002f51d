"""News and answers draw parts of the open incident again: a person goes on writing, and stands on the same button or on none."""

from playwright.sync_api import Page, Route, expect

from access.roles import Role
from incidents import services
from incidents.models import Incident
from interventions import services as work
from tests.browser.conftest import Desk, Enter
from tests.cast import incident, person


def opened(enter: Enter, one: Incident, role: Role = Role.INTERVENTION_COORDINATOR) -> Desk:
    desk = enter(person(role), f"/?incident={one.id}")
    desk.live()
    expect(desk.page.locator("#drawer ol.thread")).to_be_attached()
    return desk


def heard(page: Page, one: Incident, words: str) -> None:
    """Somebody says something about it, and the page has drawn that."""
    services.comment(incident_id=one.id, by=person(Role.CALL_TAKER), text=words, kind="internal")
    expect(page.locator("#drawer")).to_contain_text(words)


def held(page: Page, path: str) -> list[Route]:
    """Requests to this path wait until they are let go."""
    waiting: list[Route] = []
    page.route(path, lambda route: waiting.append(route))
    return waiting


def test_a_request_for_work_is_written_on_while_news_comes(enter: Enter) -> None:
    one = incident(status="qualified", title="")
    page = opened(enter, one).page
    page.locator('#work-panel [data-act="ask"]').click()
    title = page.locator("#work-panel #f-title")
    title.press_sequentially("mât ")
    heard(page, one, "une équipe passe")
    page.keyboard.type("couché")
    expect(title).to_have_value("mât couché")
    asked = work.propose(
        by=person(Role.INTERVENTION_COORDINATOR), ask=work.Ask(incident=one.id, title="Autre", duration_minutes=30)
    )
    expect(page.locator("#work-panel")).to_contain_text(asked.reference)
    title.press("Home")
    services.resolve(incident_id=one.id, by=person(Role.INTERVENTION_COORDINATOR), outcome="réparé")
    expect(page.locator("#drawer .facts").first).to_contain_text("Résolu")
    page.keyboard.type("un ")
    expect(title).to_have_value("un mât couché")
    expect(page.locator("#declare")).to_be_hidden()


def test_an_act_that_a_colleague_did_leaves_no_other_under_enter(enter: Enter) -> None:
    one = incident()
    page = opened(enter, one).page
    acknowledge = page.locator('#drawer [data-act="acknowledge"]')
    acknowledge.focus()
    heard(page, one, "bien reçu")
    expect(acknowledge).to_be_focused()
    services.acknowledge(incident_id=one.id, by=person(Role.CALL_TAKER))
    expect(acknowledge).to_have_count(0)
    expect(page.locator("#drawer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#form-slot form")).to_have_count(0)


def test_the_menu_stays_open_and_its_act_keeps_the_focus(enter: Enter) -> None:
    one = incident()
    page = opened(enter, one).page
    page.locator("#drawer .more-acts > summary").click()
    inside = page.locator('#drawer .more-acts [data-act="cancel"]')
    inside.focus()
    services.acknowledge(incident_id=one.id, by=person(Role.CALL_TAKER))
    expect(page.locator('#drawer [data-act="acknowledge"]')).to_have_count(0)
    expect(inside).to_be_focused()


def test_a_link_that_is_drawn_again_each_second_keeps_the_focus(enter: Enter) -> None:
    one = incident(status="qualified")
    ask = work.Ask(incident=one.id, title="Mât", duration_minutes=30)
    made = work.propose(by=person(Role.INTERVENTION_COORDINATOR), ask=ask)
    page = opened(enter, one).page
    link = page.locator("#work-panel a", has_text=made.reference)
    link.focus()
    link.evaluate("(one) => { one.dataset.drawn = 'before' }")
    expect(link).not_to_have_attribute("data-drawn", "before")
    expect(link).to_be_focused()


def test_the_reason_for_a_crisis_outlives_a_lower_priority(enter: Enter) -> None:
    one = incident(priority="P1", title="Fuite")
    page = opened(enter, one).page
    page.locator("#crisis-panel button").click()
    page.keyboard.type("trois rues ")
    services.qualify(incident_id=one.id, by=person(Role.CALL_TAKER), category=one.category_id, priority="P4")
    expect(page.locator("#drawer .prio.p4").first).to_be_visible()
    page.keyboard.type("coupées")
    expect(page.locator("#crisis-why")).to_have_value("trois rues coupées")


def test_the_answer_to_a_form_takes_nobody_away_from_a_comment(enter: Enter) -> None:
    one = incident()
    page = opened(enter, one).page
    waiting = held(page, "**/qualify/")
    page.keyboard.press("q")
    with page.expect_request("**/qualify/"):
        page.locator("#f-title").press("Enter")
    comment = page.locator("#comment-text")
    comment.press_sequentially("rappelé, ")
    waiting[0].continue_()
    expect(page.locator("#form-slot form")).to_have_count(0)
    page.keyboard.type("absent")
    expect(comment).to_have_value("rappelé, absent")
    saying = held(page, "**/comments/")
    with page.expect_request("**/comments/"):
        page.locator("#drawer form.field button[type=submit]").last.click()
    comment.fill("et encore ceci")
    saying[0].continue_()
    expect(page.locator("#drawer")).to_contain_text("rappelé, absent")
    expect(comment).to_have_value("et encore ceci")


def test_the_answer_for_one_incident_closes_no_form_of_another(enter: Enter) -> None:
    first, second = incident(title="Premier"), incident(title="Second")
    page = opened(enter, first).page
    waiting = held(page, f"**/{first.id}/qualify/")
    page.keyboard.press("q")
    with page.expect_request("**/qualify/"):
        page.locator("#f-title").press("Enter")
    page.locator(f'#rows [data-id="{second.id}"] button').click()
    expect(page.locator('#drawer [data-act="qualify"]')).to_be_visible()
    page.keyboard.press("q")
    title = page.locator("#f-title")
    title.fill("Second, à voir")
    waiting[0].continue_()
    expect(page.locator("#toasts .ok")).to_be_visible()
    expect(title).to_have_value("Second, à voir")
    expect(title).to_be_focused()


def test_a_failed_look_takes_nothing_that_is_being_written(enter: Enter) -> None:
    one = incident()
    page = opened(enter, one).page
    comment = page.locator("#comment-text")
    comment.press_sequentially("rappelé, ")
    page.route(f"**/api/v1/incidents/{one.id}/", lambda route: route.fulfill(status=500, json={}))
    services.acknowledge(incident_id=one.id, by=person(Role.CALL_TAKER))
    expect(page.locator("#toasts .bad")).to_be_visible()
    page.keyboard.type("absent")
    expect(comment).to_have_value("rappelé, absent")


def test_letters_of_a_sentence_whose_field_is_gone_are_no_commands(enter: Enter) -> None:
    """All in one go: nothing here hangs on how quick the machine is."""
    page = opened(enter, incident()).page
    said = page.evaluate("""async () => {
      const field = document.getElementById("comment-text");
      const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      field.focus();
      press("e");
      field.closest("#drawer").hidden = true;
      field.blur();
      for (const letter of "n?aq") press(letter);
      return [document.getElementById("declare").open, document.getElementById("modal").open];
    }""")
    assert said == [False, False]
    page.wait_for_timeout(1100)  # the hand rests: at least a second, however slow the machine
    page.keyboard.press("n")
    expect(page.locator("#declare")).to_be_visible()
