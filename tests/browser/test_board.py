"""The board: first content in the page, keyboard alone, two people live, an overlap refused with the next free slot."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from access.models import Person
from access.roles import Role
from interventions import services
from interventions.models import Intervention, Plan, Series, Vehicle
from tests.browser.conftest import Enter
from tests.browser.test_everybody import serious
from tests.cast import incident, organisation, person
from tests.interventions import means

BOARD = "/interventions/"


def coordinator() -> Person:
    return person(Role.INTERVENTION_COORDINATOR)


def asked(title: str, **fields: Any) -> Intervention:
    one = incident(status="qualified", title=title, **fields)
    ask = services.Ask(incident=one.id, title=title, duration_minutes=30)
    return services.propose(by=coordinator(), ask=ask)


def test_first_content_is_in_the_page_itself(enter: Enter) -> None:
    asked("Lampadaire couché")
    means.crew(name="Éclairage 1")
    page = enter(coordinator(), BOARD, java_script_enabled=False).page
    expect(page.locator("#rows .name")).to_have_text("Lampadaire couché")
    expect(page.locator("#crew-rows")).to_contain_text("Éclairage 1")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_and_the_policy_find_nothing(enter: Enter, theme: str) -> None:
    one = asked("Armoire éteinte", priority="P1")
    crew = means.crew(name="Éclairage 1")
    services.assign(intervention_id=asked("Mât heurté").id, by=coordinator(), crew=crew.id)
    desk = enter(coordinator(), f"{BOARD}?intervention={one.id}", theme=theme, size=(1920, 1080))
    desk.live()
    expect(desk.page.locator("#choose .pr")).to_have_count(1)
    assert serious(desk.page) == []
    desk.page.locator('#sheet [data-act="assign"]').click()
    expect(desk.page.locator("#f-crew")).to_be_focused()
    assert serious(desk.page) == []
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#f-crew")).to_have_count(0)
    desk.page.keyboard.press("?")
    expect(desk.page.locator("#modal")).to_be_visible()
    assert serious(desk.page) == []
    assert (desk.violations(), desk.complaints) == ([], [])


def test_from_choosing_to_assigning_by_keyboard_alone(enter: Enter) -> None:
    one = asked("Armoire éteinte", priority="P2")
    crew = means.crew(name="Éclairage 1")
    desk = enter(coordinator(), BOARD)
    desk.live()
    page = desk.page
    page.keyboard.press("j")
    expect(page.locator("#sheet-title")).to_have_text("Armoire éteinte")
    expect(page.locator("#choose .pr")).to_have_count(1)
    page.keyboard.press("1")
    page.keyboard.press("d")
    expect(page.locator("#rows li")).to_have_count(0)
    expect(page.locator(f'#crew-rows .job[data-id="{one.id}"]')).to_be_visible()
    one.refresh_from_db()
    assert (one.status, one.crew_id) == ("assigned", crew.id)
    page.locator("#toasts .toast button").first.click()
    expect(page.locator(f'#rows li[data-id="{one.id}"]')).to_be_visible()
    one.refresh_from_db()
    assert one.status == "proposed"


def test_two_people_see_each_other_s_work_and_what_the_field_says(enter: Enter) -> None:
    one = asked("Armoire éteinte")
    crew = means.crew(name="Éclairage 1")
    here, there = enter(coordinator(), BOARD), enter(coordinator(), f"{BOARD}?intervention={one.id}")
    here.live()
    there.live()
    services.assign(intervention_id=one.id, by=coordinator(), crew=crew.id)
    bar = here.page.locator(f'#crew-rows .job[data-id="{one.id}"]')
    expect(bar).to_be_visible()
    expect(there.page.locator("#sheet")).to_contain_text("Affectée")
    leader = person(Role.CREW_LEADER)
    services.accept(intervention_id=one.id, by=leader)
    services.depart(intervention_id=one.id, by=leader)
    expect(here.page.locator("#crew-rows .st.road")).to_be_visible()
    services.arrive(intervention_id=one.id, by=leader)
    services.note(intervention_id=one.id, by=leader, text="Fusible changé")
    expect(there.page.locator("#sheet")).to_contain_text("Fusible changé")


def test_an_overlap_is_refused_where_it_was_dropped_with_the_next_free_slot(enter: Enter) -> None:
    crew = means.crew(name="Éclairage 1")
    held = services.assign(intervention_id=asked("Armoire éteinte").id, by=coordinator(), crew=crew.id)
    two = asked("Mât heurté", priority="P2")
    desk = enter(coordinator(), BOARD, size=(1920, 1080))
    desk.live()
    page = desk.page
    bar = page.locator(f'#crew-rows .job[data-id="{held.id}"]')
    page.locator(f'#rows li[data-id="{two.id}"]').drag_to(bar, force=True)
    expect(page.locator(".refused")).to_contain_text("deux missions")
    expect(page.locator(".refused")).to_contain_text(held.reference)
    page.locator(".refused .btn").first.click()
    expect(page.locator(".refused")).to_have_count(0)
    expect(page.locator(f'#crew-rows .job[data-id="{two.id}"]')).to_be_visible()
    two.refresh_from_db()
    assert two.slot_start is not None
    assert held.slot_end is not None
    assert timedelta(0) <= two.slot_start - held.slot_end < timedelta(seconds=1)


def test_lines_far_from_the_screen_are_named_reached_by_arrows_and_found(enter: Enter) -> None:
    crews = [means.crew(name=f"Éclairage {number}") for number in range(1, 41)]
    for crew in (crews[0], crews[-1]):
        services.assign(intervention_id=asked("Mât heurté").id, by=coordinator(), crew=crew.id)
    desk = enter(coordinator(), BOARD)
    desk.live()
    page = desk.page
    first, last = page.locator("#crew-rows .crew").first, page.locator("#crew-rows .crew").last
    expect(last).to_have_attribute("hidden", "until-found")
    expect(last).to_have_attribute("aria-label", "Éclairage 40, Libre")
    expect(first.locator(".cell b")).to_be_visible()
    page.locator("#day").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(last.locator(".job")).to_be_focused()
    expect(last.locator(".cell b")).to_be_in_viewport()
    expect(last).not_to_have_attribute("aria-label", "Éclairage 40, Libre")
    expect(first).to_have_attribute("hidden", "until-found")
    first.locator(".cell b").evaluate("name => { name.id = 'sought'; location.hash = 'sought' }")  # as searching does
    expect(first.locator(".cell b")).to_be_in_viewport()
    expect(first).not_to_have_attribute("aria-label", "Éclairage 1, Libre")


def test_somebody_was_quicker_and_nothing_is_overwritten(enter: Enter) -> None:
    one = asked("Armoire éteinte")
    means.crew(name="Éclairage 1")
    desk = enter(coordinator(), f"{BOARD}?intervention={one.id}")
    desk.live()
    expect(desk.page.locator("#choose .pr")).to_have_count(1)
    Intervention.objects.filter(id=one.id).update(title="Armoire forcée", version=7)
    desk.page.keyboard.press("d")
    expect(desk.page.locator("dialog[open]")).to_contain_text("Armoire forcée")
    one.refresh_from_db()
    assert one.status == "proposed"


def test_work_is_asked_for_from_the_open_incident(enter: Enter) -> None:
    one = incident(status="qualified", title="Carrefour noir")
    by = coordinator()
    desk = enter(by, f"/?incident={one.id}")
    desk.live()
    desk.page.locator('#work-panel [data-act="ask"]').click()
    desk.page.locator('#work-panel form [type="submit"]').click()
    expect(desk.page.locator("#work-panel .card")).to_have_count(1)
    made = Intervention.objects.get(incident=one)
    assert made.title == "Carrefour noir"
    services.cancel(intervention_id=made.id, by=by, reason="doublon")
    expect(desk.page.locator("#work-panel .card")).to_contain_text("doublon")


def test_those_who_see_no_means_see_the_missions_alone(enter: Enter) -> None:
    one = asked("Armoire éteinte")
    page = enter(person(Role.COMMUNE_OFFICER), f"{BOARD}?intervention={one.id}").page
    expect(page.locator("#sheet-title")).to_have_text("Armoire éteinte")
    expect(page.locator("#crew-rows")).to_be_hidden()
    expect(page.locator("#choose .pr")).to_have_count(0)


def test_positions_ride_the_stream_and_odd_ones_are_left_out(enter: Enter) -> None:
    vehicle = Vehicle.objects.create(code="VH-1", organisation=organisation("eclairage"))
    means.crew(name="Éclairage 1", vehicle=vehicle)
    desk = enter(coordinator(), BOARD)
    desk.live()
    age = desk.page.locator("#crew-rows .pos")
    expect(age).to_contain_text("inconnue")
    told = [{"id": str(vehicle.id), "lat": 47.3, "lon": 5.04, "at": timezone.now().isoformat(), "source": "tracker"}]
    odd: list[Any] = [None, {"id": str(vehicle.id)}, {"id": "x", "lat": "north", "lon": 1, "at": "never"}]
    frame = {"type": "latest", "topic": "positions", "items": [*odd, *told]}
    take = "async (frame) => (await import('/static/js/board/board.js')).live.listener.latest(frame)"
    desk.page.evaluate(take, frame)
    expect(age).not_to_contain_text("inconnue")
    assert desk.complaints == []


def test_a_plan_is_asked_for_survives_a_reload_and_is_called_off(enter: Enter) -> None:
    asked("Armoire éteinte")
    means.crew()
    desk = enter(coordinator(), BOARD, size=(1920, 1080))
    desk.live()
    desk.page.keyboard.press("p")
    expect(desk.page.locator("#plan-words")).to_contain_text("attente")  # no worker runs here
    desk.page.reload()
    expect(desk.page.locator("#plan-words")).to_contain_text("attente")
    desk.page.locator("#plan-cancel").click()
    expect(desk.page.locator("#plan-start")).to_be_visible()
    assert [plan.state for plan in Plan.objects.all()] == ["cancelled"]


def test_work_that_comes_back_is_begun_and_ended_in_the_form(enter: Enter) -> None:
    means.crew(name="Éclairage 1")
    desk = enter(coordinator(), BOARD, size=(1920, 1080))
    desk.live()
    page = desk.page
    page.keyboard.press("n")
    expect(page.locator("#f-until")).to_be_hidden()
    page.locator("#f-category").fill("lampadaire")
    page.locator("#f-category + [role=listbox] [role=option]").first.click()
    page.locator("#f-place").fill("rue monge")
    page.locator("#f-place + [role=listbox] [role=option]").first.click()
    page.locator("#f-title").fill("Relampage du tunnel")
    first = timezone.localtime() + timedelta(days=1)
    page.locator("#f-window_start").fill(f"{first:%Y-%m-%d}T09:00")
    page.locator("#f-every_days").select_option("7")
    expect(page.locator("#f-until")).to_be_visible()
    page.locator("#modal form.form [type=submit]").click()
    expect(page.locator("#rows")).to_contain_text("Relampage du tunnel")
    made = Series.objects.get()
    assert (made.every_days, f"{made.at:%H:%M}", made.organisation.key) == (7, "09:00", "eclairage")
    assert Intervention.objects.filter(series=made, status="proposed").count() == 2

    page.keyboard.press("n")
    page.locator(".series summary").click()
    page.locator(".series .link").click()
    page.locator(".series form input").fill("tunnel fermé")
    page.locator(".series form [type=submit]").click()
    expect(page.locator(".series li")).to_have_count(0)
    made.refresh_from_db()
    assert not made.active
    assert Intervention.objects.filter(series=made, status="cancelled").count() == 2
    assert (desk.violations(), desk.complaints) == ([], [])
