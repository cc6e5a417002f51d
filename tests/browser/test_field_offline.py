"""The network cut in the middle: what is said meanwhile arrives once and in order, and nothing is thrown away."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from access.roles import Role
from incidents.services.attaching import path_of
from incidents.services.handling import clock
from interventions import services
from interventions.models import Intervention, Note, Photo
from journal.events import decode
from journal.models import Entry
from tests.browser.conftest import Desk, Enter
from tests.browser.field_world import Day, day
from tests.cast import person
from tests.conftest import PATIENCE_MS, Server

PHONE = (360, 640)
ANSWERED = """async ([number, patience]) => {
  const { items } = await import("/static/js/field/store.js");
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((go) => setTimeout(go, 50))) {
    const all = await items();
    if (all.length === number && all.every((one) => one.state !== "waiting")) return true;
  }
}"""
MARGIN = timedelta(seconds=5)  # a phone learns our clock from the page, which takes its time to come
EXPECTED = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")


def phone(enter: Enter, world: Day, **options: Any) -> Desk:
    """The leader's phone, once it could be opened without network."""
    desk = enter(world.leader, "/field/", size=PHONE, **options)
    desk.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return desk


def open_mission(page: Page, one: Intervention) -> None:
    page.locator(f'[data-mission="{one.id}"] .open').click()


def write(page: Page, text: str) -> None:
    page.locator("[data-key=note]").click()
    page.locator("#f-text").fill(text)
    page.locator("dialog [value=yes]").click()


def waiting(page: Page, number: int) -> None:
    """The strip says how many are to be sent."""
    expect(page.locator("#net-words")).to_contain_text(f"{number} envoi")


def all_sent(page: Page, number: int) -> None:
    """All that this phone was told, so many things since it was opened, has been answered by the post; and it says so.

    The strip alone would do no good: it may still say so of what was sent before.
    """
    assert page.evaluate(ANSWERED, [number, PATIENCE_MS])
    expect(page.locator("#net")).to_have_attribute("data-state", "on")
    expect(page.locator("#net-words")).to_contain_text("parti")


def told(one: Intervention) -> list[str]:
    """What is on record of this mission, in order."""
    return [kind.partition(".")[2] for kind in Entry.objects.filter(about=one.id).values_list("kind", flat=True)]


def test_what_is_said_offline_arrives_once_and_in_order(enter: Enter) -> None:
    world = day()
    desk = phone(enter, world)
    page = desk.page
    desk.context.set_offline(True)
    open_mission(page, world.here)
    before = clock()
    page.locator("[data-key=ck-off]").click()
    write(page, "coffret ouvert")
    page.locator("[data-key=ck-on]").click()
    waiting(page, 3)
    expect(page.locator("[data-key=ck-off]")).to_have_attribute("aria-checked", "true")
    page.reload()
    waiting(page, 3)
    expect(page.locator("[data-key=ck-on]")).to_have_attribute("aria-checked", "true")
    page.locator("[data-key=back]").click()
    expect(page.locator("section.m")).to_have_count(4)
    after = clock()
    assert told(world.here) == []
    desk.context.set_offline(False)
    all_sent(page, 3)
    assert told(world.here) == ["ticked", "noted", "ticked"]
    for entry in Entry.objects.filter(about=world.here.id):
        said: Any = decode(entry.kind, entry.data)
        assert before - MARGIN <= said.at <= after + MARGIN, "the field's time, not ours"
        assert entry.at > after, "… and ours beside it"
    assert [note.text for note in Note.objects.all()] == ["coffret ouvert"]
    assert desk.violations() == []
    assert [line for line in desk.complaints if not any(known in line for known in EXPECTED)] == []


def test_a_mission_cancelled_meanwhile_shows_the_conflict_and_keeps_it(enter: Enter) -> None:
    world = day()
    desk = phone(enter, world)
    page = desk.page
    desk.context.set_offline(True)
    page.locator(f"[data-key='accept-{world.next.id}']").click()
    waiting(page, 1)
    services.cancel(intervention_id=world.next.id, by=person(Role.INTERVENTION_COORDINATOR), reason="reprise par Divia")
    desk.context.set_offline(False)
    card = page.locator(f'[data-trouble="{world.next.id}"]')
    expect(card).to_contain_text("Annulée")
    expect(card).to_contain_text("reprise par Divia")
    expect(card).to_contain_text("Acceptée")
    assert told(world.next) == ["cancelled", "field_conflict"]
    assert page.evaluate(ANSWERED, [1, PATIENCE_MS])
    page.reload()
    expect(card).to_contain_text("reste au dossier")
    card.get_by_role("button").click()
    expect(card).to_have_count(0)
    page.locator("#net").click()
    expect(page.locator("dialog li[data-state=conflict]")).to_have_count(1)


def test_a_refused_item_stays_on_the_phone_and_stops_nothing(enter: Enter) -> None:
    """The record never names a reporter: such a note is refused, what was said after it is not."""
    world = day()
    assert world.here.incident is not None
    world.here.incident.reports.update(reporter_name="Honorine Sautereau")
    page = phone(enter, world).page
    open_mission(page, world.here)
    write(page, "vu avec Honorine Sautereau")
    write(page, "portail fermé")
    expect(page.locator(".said li")).to_have_count(1)
    page.locator("[data-key=back]").click()
    expect(page.locator(f'[data-trouble="{world.here.id}"]')).to_contain_text("n’a pas été pris")
    all_sent(page, 2)
    assert told(world.here) == ["noted"]


def test_servers_that_die_while_it_is_sent(enter: Enter, server: Server) -> None:
    """No answer, no acknowledgement: it is kept and sent again, and is there once."""
    world = day()
    page = phone(enter, world).page
    open_mission(page, world.here)
    web = server.post.web[0]
    web.kill()
    try:
        for number in range(3):
            write(page, f"note {number}")
        waiting(page, 3)
        page.reload()
        waiting(page, 3)
    finally:
        web.start()
    all_sent(page, 3)
    assert [note.text for note in Note.objects.order_by("at")] == ["note 0", "note 1", "note 2"]
    assert told(world.here) == ["noted"] * 3


def test_two_tabs_send_each_thing_once(enter: Enter) -> None:
    world = day()
    desk = phone(enter, world)
    other = desk.context.new_page()
    other.goto("/field/")
    desk.context.set_offline(True)
    open_mission(desk.page, world.here)
    open_mission(other, world.here)
    for number, page in enumerate((desk.page, other, desk.page, other)):
        write(page, f"note {number}")
        waiting(page, number + 1)
    desk.context.set_offline(False)
    for page in (desk.page, other):
        all_sent(page, 4)
    assert [note.text for note in Note.objects.order_by("at")] == ["note 0", "note 1", "note 2", "note 3"]
    seqs = Entry.objects.filter(about=world.here.id).order_by("seq")
    said: list[Any] = [decode(entry.kind, entry.data) for entry in seqs]
    assert [one.text for one in said] == ["note 0", "note 1", "note 2", "note 3"]


def test_a_photo_taken_offline(enter: Enter, tmp_path: Path) -> None:
    world = day()
    desk = phone(enter, world)
    page = desk.page
    desk.context.set_offline(True)
    open_mission(page, world.here)
    picture = tmp_path / "IMG_0001.jpg"
    Image.effect_noise((3200, 2400), 40).convert("RGB").save(picture, exif=_with_place())
    with page.expect_file_chooser() as chooser:
        page.locator("[data-key=ck-photo]").click()
    chooser.value.set_files(picture)
    page.locator("dialog [value=after]").click()
    waiting(page, 2)
    page.reload()
    expect(page.locator("[data-key=ck-photo]")).to_have_attribute("aria-checked", "true")
    desk.context.set_offline(False)
    all_sent(page, 2)
    made = Photo.objects.get()
    assert (made.stage, made.item) == ("after", "photo")
    with Image.open(path_of(made.stored_as)) as kept:
        assert kept.size == (1600, 1200)
        assert not kept.getexif()
    assert told(world.here) == ["photographed", "ticked"]


def _with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "taken by Gaëlle"
    return exif


def test_what_somebody_else_said_waits_for_them(enter: Enter) -> None:
    """A phone changes hands with words unsent: they are not sent in the next one's name."""
    world = day()
    desk = phone(enter, world)
    desk.context.set_offline(True)
    open_mission(desk.page, world.here)
    write(desk.page, "de Gaëlle")
    waiting(desk.page, 1)
    mate = person(Role.CREW_LEADER, name="Yanis Colas")
    world.crew.members.add(mate)
    mates = enter(mate, "/field/")  # another browser, for its session only
    session = [one for one in mates.context.cookies() if one["name"] != "theme"]
    desk.context.clear_cookies()
    desk.context.add_cookies(session)  # type: ignore[arg-type]  # as they were given
    desk.context.set_offline(False)
    desk.page.goto("/field/")
    expect(desk.page.locator(".aside")).to_contain_text("d’une autre personne")
    assert not Note.objects.exclude(by=world.leader).exists()


@pytest.mark.parametrize("act", ["refuse", "fail"])
def test_an_act_that_wants_a_reason_keeps_its_draft(enter: Enter, act: str) -> None:
    world = day()
    page = phone(enter, world).page
    open_mission(page, world.later if act == "refuse" else world.here)
    page.locator(f"[data-key={act}]").click()
    page.locator("#f-reason").fill("nacelle en panne")
    page.reload()
    page.locator(f"[data-key={act}]").click()
    expect(page.locator("#f-reason")).to_have_value("nacelle en panne")
    page.locator("dialog [value=yes]").click()
    expect(page.locator("h1")).to_have_text("Mes missions")
    all_sent(page, 1)
    one = Intervention.objects.get(reason="nacelle en panne")
    assert one.status == ("refused" if act == "refuse" else "failed")
