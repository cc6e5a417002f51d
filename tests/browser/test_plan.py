"""Planning everything at once, on the board: worked out, reviewed line by line, applied in part, and what changed
meanwhile is refused and said."""

from playwright.sync_api import expect

from access.roles import Role
from interventions import services
from interventions.models import Intervention, Plan
from interventions.planning.services import work_out_all
from journal.models import Entry
from tests import cast
from tests.browser.conftest import Enter
from tests.browser.test_everybody import serious
from tests.interventions import means

TITLES = ("Armoire éteinte", "Mât heurté", "Lampe clignotante")


def asked(title: str) -> Intervention:
    one = cast.incident(status="qualified", title=title)
    by = cast.person(Role.INTERVENTION_COORDINATOR)
    return services.propose(by=by, ask=services.Ask(incident=one.id, title=title, duration_minutes=30))


def test_a_plan_is_reviewed_applied_in_part_and_what_changed_is_refused(enter: Enter) -> None:
    first, second, third = [asked(title) for title in TITLES]
    flying = asked("Antenne tordue")
    Intervention.objects.filter(id=flying.id).update(skills=["snow"])
    crew = means.crew(name="Éclairage 1")
    coordinator = cast.person(Role.INTERVENTION_COORDINATOR)
    desk = enter(coordinator, "/interventions/", size=(1920, 1080))
    desk.live()
    page = desk.page
    page.keyboard.press("p")
    expect(page.locator("#plan-words")).to_contain_text("attente")
    assert work_out_all() == 1  # what a worker does; its progress comes by the stream
    expect(page.locator("#plan-best")).to_contain_text("3")
    assert not Intervention.objects.exclude(status="proposed").exists(), "nothing is given before a person accepts"

    page.locator("#plan-review").click()
    lines = page.locator("#modal tbody tr")
    expect(lines).to_have_count(3)
    for title in TITLES:
        expect(page.locator("#modal")).to_contain_text(title)
    expect(page.locator("#modal")).to_contain_text("Antenne tordue")
    assert serious(page) == []
    lines.filter(has_text="Mât heurté").locator("input").uncheck()
    services.cancel(intervention_id=third.id, by=coordinator, reason="doublon")  # while it is being read
    page.locator("#modal .btn.main").click()
    expect(page.locator("#toasts")).to_contain_text("1")
    expect(page.locator(f'#crew-rows .job[data-id="{first.id}"]')).to_be_visible()
    states = {one.title: (one.status, one.crew_id) for one in Intervention.objects.all()}
    assert states == {
        "Armoire éteinte": ("assigned", crew.id), "Mât heurté": ("proposed", None),
        "Lampe clignotante": ("cancelled", None), "Antenne tordue": ("proposed", None),
    }  # fmt: skip

    (told,) = Entry.objects.filter(kind="interventions.assigned")
    assert (told.by, told.about, second.crew_id) == (coordinator.id, first.id, None)
    assert [plan.state for plan in Plan.objects.all()] == ["solved"], "the rest of it stays open"

    expect(page.locator("#plan-best")).to_contain_text("1 encore à accepter, affectées : 1")
    expect(page.locator("#plan-start")).to_be_hidden()
    page.locator("#plan-review").click()
    expect(lines).to_have_count(1)
    expect(page.locator("#modal")).to_contain_text("Mât heurté")
    page.locator("#modal .btn.main").click()
    expect(page.locator(f'#crew-rows .job[data-id="{second.id}"]')).to_be_visible(timeout=10_000)
    expect(page.locator("#plan-start")).to_be_visible()
    assert [plan.state for plan in Plan.objects.all()] == ["applied"]
    assert (desk.violations(), desk.complaints) == ([], [])
