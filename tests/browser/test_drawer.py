"""The open incident: what is possible is offered, two people see each other, and nobody overwrites anybody."""

from playwright.sync_api import expect

from access.roles import Role
from incidents import services
from tests.browser.conftest import Enter
from tests.cast import incident, person


def test_only_what_the_duty_allows_is_offered(enter: Enter) -> None:
    one = incident()
    taker = enter(person(Role.CALL_TAKER), f"/?incident={one.id}").page
    auditor = enter(person(Role.AUDITOR), f"/?incident={one.id}").page
    expect(taker.locator('#drawer [data-act="qualify"]')).to_be_visible()
    expect(taker.locator('#drawer [data-act="restrict"]')).to_have_count(0)
    expect(auditor.locator("#drawer ol.thread")).to_be_attached()
    expect(auditor.locator('#drawer [data-act="qualify"]')).to_have_count(0)
    expect(auditor.locator("#comment-text")).to_have_count(0)


def test_two_people_see_each_other(enter: Enter) -> None:
    one = incident()
    here = enter(person(Role.CALL_TAKER, name="Amandine Roy"), f"/?incident={one.id}")
    there = enter(person(Role.INTERVENTION_COORDINATOR, name="Farid Benali"), f"/?incident={one.id}")
    expect(here.page.locator(".presence")).to_contain_text("Farid Benali")
    expect(there.page.locator(".presence")).to_contain_text("Amandine Roy")
    expect(there.page.locator('#drawer [data-act="qualify"]')).to_be_visible()
    there.page.keyboard.press("q")
    expect(here.page.locator(".presence")).to_contain_text("écrit")
    there.page.goto("/login/")
    expect(here.page.locator(".presence")).to_have_count(0)


def test_a_conflict_shows_both_versions_and_overwrites_nothing(enter: Enter) -> None:
    one = incident(priority="P3")
    page = enter(person(Role.CALL_TAKER), f"/?incident={one.id}").page
    expect(page.locator('#drawer [data-act="qualify"]')).to_be_visible()
    page.keyboard.press("q")
    page.locator('#form-slot [value="P2"]').click()
    page.locator("#f-title").fill("Le mien")
    other = person(Role.VIDEO_OPERATOR)
    services.qualify(incident_id=one.id, by=other, priority="P4", category=one.category_id, title="Le leur")
    expect(page.locator("#form-slot .notice")).to_contain_text("P4")
    page.locator("#form-slot [type=submit]").click()
    expect(page.locator("dialog[open]")).to_contain_text("Le mien")
    expect(page.locator("dialog[open] .differs").first).to_contain_text("Le leur")
    one.refresh_from_db()
    assert (one.priority, one.title) == ("P4", "Le leur")
    page.locator("dialog[open] button").nth(1).click()
    expect(page.locator("#form-slot form")).to_have_count(0)
    one.refresh_from_db()
    assert (one.priority, one.title) == ("P2", "Le mien")


def test_a_dangerous_act_asks_why(enter: Enter) -> None:
    one = incident()
    page = enter(person(Role.CALL_TAKER), f"/?incident={one.id}").page
    page.locator(".more-acts summary").click()
    page.locator('#drawer [data-act="cancel"]').click()
    page.locator("#form-slot [type=submit]").click()
    expect(page.locator("#f-reason-error")).not_to_be_empty()
    page.locator("#f-reason").fill("Fausse alerte")
    page.locator("#form-slot [type=submit]").click()
    expect(page.locator("#drawer ol.thread")).to_contain_text("Fausse alerte")
    one.refresh_from_db()
    assert one.status == "cancelled"


def test_a_comment_appears_on_the_other_screen(enter: Enter) -> None:
    one = incident()
    here = enter(person(Role.CALL_TAKER), f"/?incident={one.id}")
    there = enter(person(Role.VIDEO_OPERATOR), f"/?incident={one.id}")
    there.live()
    here.page.locator("#comment-text").fill("Équipe prévenue")
    here.page.get_by_role("button", name="Commenter", exact=True).click()
    expect(here.page.locator("#drawer blockquote", has_text="Équipe prévenue")).to_be_visible()
    expect(there.page.locator("#drawer blockquote", has_text="Équipe prévenue")).to_be_visible()


def test_a_photo_is_added(enter: Enter) -> None:
    from io import BytesIO

    from PIL import Image

    bytes_ = BytesIO()
    Image.new("RGB", (80, 60), "red").save(bytes_, "PNG")
    one = incident()
    page = enter(person(Role.CALL_TAKER), f"/?incident={one.id}").page
    expect(page.locator("#attach-file")).to_have_count(1)
    page.locator("#attach-file").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": bytes_.getvalue()}
    )
    expect(page.locator("#drawer .files img")).to_have_count(1)
    assert one.attachments.count() == 1


def test_an_incident_out_of_sight_is_not_shown(enter: Enter) -> None:
    one = incident(title="Secret", sensitivity="restricted")
    page = enter(person(Role.CALL_TAKER), f"/?incident={one.id}").page
    expect(page.locator("#drawer [role=alert]").first).to_contain_text("plus visible")
    expect(page.locator("#drawer")).not_to_contain_text("Secret")
