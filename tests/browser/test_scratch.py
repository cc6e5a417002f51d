import pytest

from access.roles import Role
from interventions import services
from tests.browser.conftest import Enter
from tests.browser.field_world import day
from tests.browser.test_field_offline import write
from tests.cast import person

SHOTS = "/tmp/shots/"


@pytest.mark.parametrize("theme,language,size", [("dark", "fr", (360, 640)), ("light", "fr", (390, 844))])
def test_look(enter: Enter, theme, language, size) -> None:
    world = day()
    desk = enter(
        world.leader,
        "/field/",
        size=size,
        theme=theme,
        language=language,
        geolocation={"latitude": 47.35, "longitude": 5.05},
        permissions=["geolocation"],
    )
    page = desk.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    n = f"{SHOTS}{theme}-"

    def shot(name):
        page.wait_for_timeout(300)
        page.screenshot(path=f"{n}{name}.png")

    page.locator("#share .link").click()
    shot("consent")
    page.locator("dialog .main").click()
    page.wait_for_timeout(800)
    desk.context.set_offline(True)
    page.locator(f"[data-key='accept-{world.next.id}']").click()
    shot("list")
    services.cancel(
        intervention_id=world.next.id,
        by=person(Role.INTERVENTION_COORDINATOR),
        reason="reprise par la police municipale",
    )
    page.locator(f"[data-mission='{world.here.id}'] .open").click()
    page.locator("[data-key=ck-off]").click()
    page.locator("[data-key=ck-safe]").click()
    shot("offline")
    write(page, "coffret ouvert, serrure forcée")
    page.locator("#screen").evaluate("one => one.scrollTop = 9999")
    shot("mission")
    page.locator("#net").click()
    shot("queue")
    page.keyboard.press("Escape")
    desk.context.set_offline(False)
    page.wait_for_timeout(4000)
    page.locator("[data-key=hold]").click()
    page.get_by_label("météo").check()
    shot("hold")
    page.locator("dialog [value=yes]").click()
    page.locator("#screen").evaluate("one => one.scrollTop = 0")
    shot("paused")
    page.locator("[data-key=back]").click()
    shot("conflict")
    page.locator("#screen").evaluate("one => one.scrollTop = 9999")
    shot("end")
    page.locator(f"[data-mission='{world.later.id}'] .open").click()
    shot("accepted")
