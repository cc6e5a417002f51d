"""The desk opens with its content inside, keeps to its policy, and shows each change at once to whom it concerns."""

from playwright.sync_api import Page, expect

from access.roles import Role
from incidents import services
from incidents.models import Incident
from incidents.services import Draft
from tests.browser.conftest import Enter
from tests.cast import CHENOVE, DIJON, SPOTS, incident, person

GAS = "hazard.gas_leak"
P1 = "#rows li.p1"


def draft(commune: str = DIJON, **fields: object) -> Draft:
    lat, lon = SPOTS[commune]
    return Draft(**{"category": "lighting.street_light_out", "lat": lat, "lon": lon, **fields})  # type: ignore[arg-type]


def row(page: Page, one: Incident) -> object:
    return page.locator(f'#rows li[data-id="{one.id}"]')


def test_first_content_is_in_the_page_itself(enter: Enter, browser: object) -> None:
    one = incident(title="Lampadaire couché")
    desk = enter(person(Role.CALL_TAKER), java_script_enabled=False)
    expect(desk.page.locator(f'#rows li[data-id="{one.id}"] .name')).to_have_text("Lampadaire couché")
    expect(desk.page.locator('[data-count="open"]')).to_have_text("1")


def test_nothing_breaks_the_policy_and_nothing_is_complained_about(enter: Enter) -> None:
    one = incident()
    desk = enter(person(Role.INTERVENTION_COORDINATOR))
    desk.live()
    desk.page.locator(f'#rows li[data-id="{one.id}"] button').click()
    expect(desk.page.locator("#drawer ol.thread")).to_be_attached()
    desk.page.keyboard.press("n")
    expect(desk.page.locator("#declare")).to_be_visible()
    assert desk.violations() == []
    assert desk.complaints == []


def test_a_change_is_on_the_other_screen_and_not_where_it_must_not_be(enter: Enter) -> None:
    here = enter(person(Role.CALL_TAKER))
    there = enter(person(Role.COMMUNE_OFFICER, home="commune-21166", communes=(CHENOVE,)))
    here.live()
    there.live()
    by = person(Role.CALL_TAKER)
    seen_by_both = services.declare(by=by, draft=draft(CHENOVE, title="Banc cassé"))
    only_here = services.declare(by=by, draft=draft(DIJON, title="Feu éteint"))
    expect(here.page.locator(f'#rows li[data-id="{only_here.id}"]')).to_be_visible()
    expect(there.page.locator(f'#rows li[data-id="{seen_by_both.id}"]')).to_be_visible()
    expect(there.page.locator(f'#rows li[data-id="{only_here.id}"]')).to_have_count(0)


def test_a_vital_one_is_cried_rings_and_pulses_until_acknowledged(enter: Enter) -> None:
    desk = enter(person(Role.VIDEO_OPERATOR))
    desk.live()
    desk.page.evaluate("document.addEventListener('rang', () => { window.rang = (window.rang || 0) + 1 })")
    desk.page.locator("#search").click()  # browsers give sound only after a gesture
    expect(desk.page.locator("#sound-ask")).to_be_hidden()
    by = person(Role.MUNICIPAL_POLICE)
    one = services.declare(by=by, draft=draft(title="Odeur de gaz", priority="P1"))
    expect(desk.page.locator("#alert")).to_contain_text("Odeur de gaz")
    expect(desk.page.locator("#alert")).to_have_attribute("aria-live", "assertive")
    expect(desk.page.locator(f"{P1}.waiting")).to_have_count(1)
    expect(desk.page.locator("#map .ring")).to_have_count(1)
    expect(desk.page.locator("#bar-p1")).to_have_text("1")
    desk.page.wait_for_function("window.rang === 1")
    services.acknowledge(incident_id=one.id, by=by)
    expect(desk.page.locator(f"{P1}.waiting")).to_have_count(0)
    expect(desk.page.locator("#map .ring")).to_have_count(0)
    expect(desk.page.locator("#toasts .p1")).to_have_count(0)


def test_the_first_vital_one_pulses_with_the_clock_and_nothing_is_painted_in_between(enter: Enter) -> None:
    for title in ("Odeur de gaz", "Rixe"):
        incident(priority="P1", title=title)
    page = enter(person(Role.VIDEO_OPERATOR)).page
    expect(page.locator("#map .ring")).to_have_count(2)
    for what in (f"{P1}:first-child.beat", f"{P1}:first-child:not(.beat)", "#map.beat .ring", "#map:not(.beat) .ring"):
        page.wait_for_selector(what)
    expect(page.locator(f"{P1}:nth-child(2).beat")).to_have_count(0)
    endless = "document.getAnimations().filter((one) => one.effect.getTiming().iterations === Infinity).length"
    assert page.evaluate(endless) == 0
    grows = """still => { const mark = document.querySelector("#rows .beat .prio svg");
      return mark && (getComputedStyle(mark).transform === "none") === still }"""
    page.wait_for_function(grows, arg=False)
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(grows, arg=True)


def test_what_was_there_already_startles_nobody(enter: Enter) -> None:
    one = incident(priority="P1", title="Odeur de gaz")
    desk = enter(person(Role.VIDEO_OPERATOR))
    desk.live()
    by = person(Role.CALL_TAKER)
    services.comment(incident_id=one.id, by=by, text="Toujours là")
    fresh = services.declare(by=by, draft=draft(title="Rixe", priority="P1"))
    expect(desk.page.locator("#alert")).to_contain_text("Rixe")
    expect(desk.page.locator("#alert")).not_to_contain_text("Odeur de gaz")
    expect(desk.page.locator("#rows li").first).to_have_attribute("data-id", str(fresh.id))


def test_restricting_drops_it_from_the_screens_that_lose_it(enter: Enter) -> None:
    police = person(Role.MUNICIPAL_POLICE)
    one = incident(title="Rixe")
    loses, keeps = enter(person(Role.CALL_TAKER)), enter(police)
    loses.live()
    keeps.live()
    loses.page.locator(f'#rows li[data-id="{one.id}"] button').click()
    expect(loses.page.locator("#drawer-title")).to_have_text("Rixe")
    services.restrict(incident_id=one.id, by=police, reason="enquête")
    expect(loses.page.locator(f'#rows li[data-id="{one.id}"]')).to_have_count(0)
    expect(loses.page.locator("#drawer")).to_be_hidden()
    expect(keeps.page.locator(f'#rows li[data-id="{one.id}"] .tag.restricted')).to_be_visible()


def test_filters_narrow_are_counted_and_kept(enter: Enter) -> None:
    for place, category in ((DIJON, "lighting.street_light_out"), (CHENOVE, "lighting.street_light_out")):
        incident(commune=place, category=category)
    taker = person(Role.CALL_TAKER)
    desk = enter(taker)
    expect(desk.page.locator("#rows li")).to_have_count(2)
    desk.page.locator("#by-commune").select_option(CHENOVE)
    expect(desk.page.locator("#rows li")).to_have_count(1)
    desk.page.locator("#save-filter").click()
    desk.page.keyboard.type("Chenôve")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#saved")).to_contain_text("Chenôve")
    elsewhere = enter(taker)  # another computer, without this one's memory
    expect(elsewhere.page.locator("#rows li")).to_have_count(2)
    elsewhere.page.locator("#saved button").first.click()
    expect(elsewhere.page.locator("#rows li")).to_have_count(1)
    expect(elsewhere.page.locator("#by-commune")).to_have_value(CHENOVE)
    elsewhere.page.locator("#saved button").nth(1).click()
    expect(elsewhere.page.locator("#saved")).to_be_empty()


def test_no_duty_that_opens_incidents_is_said(enter: Enter) -> None:
    incident()
    desk = enter(person(Role.ADMINISTRATOR))
    expect(desk.page.locator("#empty")).to_contain_text("aucun incident")
    expect(desk.page.locator("#rows li")).to_have_count(0)
    expect(desk.page.locator("#declare-open")).to_have_count(0)


def test_an_empty_post_says_so(enter: Enter) -> None:
    desk = enter(person(Role.CALL_TAKER))
    expect(desk.page.locator("#empty-title")).to_have_text("Rien à traiter")
