"""Signing in, seen by a real browser: password, passkey, second factor, language, strict CSP, axe."""

import hmac
import struct
import time
from base64 import b32decode
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from access import demo, services
from access.models import Person
from access.roles import Role
from tests.access.world import PASSWORD, somebody, told
from tests.browser.conftest import NOTE_VIOLATIONS
from tests.conftest import Server

Complaints = list[str]


@pytest.fixture
def door(context: BrowserContext, server: Server) -> Iterator[Page]:
    """A visitor at `/login/` by the name `localhost`, which passkeys need; fails on any complaint of the browser."""
    context.add_init_script(NOTE_VIOLATIONS)
    page = context.new_page()
    said: Complaints = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(server.url.replace("127.0.0.1", "localhost") + "/login/")
    yield page
    assert page.evaluate("window.violations") == []
    assert said == []


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


def enter(page: Page, person: Person, password: str = PASSWORD) -> None:
    page.locator("#id_login").fill(person.login)
    page.locator("#id_password").fill(password)
    page.keyboard.press("Enter")


def place(page: Page) -> str:
    return str(page.evaluate("location.pathname"))


def confirm(page: Page) -> None:
    """The page that asks for the password again before the account's locks are changed."""
    if page.url.split("?")[0].endswith("/account/confirm/"):
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("input[type=password]").press("Enter")


def code_of(secret: str, at: float) -> str:
    """RFC 6238, six digits, 30 s."""
    digest = hmac.digest(b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", int(at // 30)), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_signing_in_by_keyboard_alone(door: Page) -> None:
    person = somebody(None)
    expect(door.get_by_role("textbox", name="Identifiant")).to_be_focused()
    enter(door, person, "faux")
    expect(door.locator(".errorlist")).to_be_visible()
    assert serious(door) == []
    enter(door, person)
    expect(door.get_by_role("heading", name="Vous ne tenez aucune fonction")).to_be_visible()
    assert serious(door) == []


def test_one_click_in_the_demo(door: Page) -> None:
    demo.load_people()
    button = door.get_by_role("button", name="Entrer comme coordonnateur d’interventions")
    expect(button).to_be_visible()
    assert serious(door) == []
    button.click()
    door.wait_for_url("**/")
    assert told("logged_in", Person.objects.get(login="farid")) == [{"method": "demo"}]


def test_the_language_switch_keeps_the_page(door: Page) -> None:
    door.get_by_role("button", name="English").click()
    expect(door.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert door.locator("html").get_attribute("lang") == "en"
    assert serious(door) == []
    door.get_by_role("button", name="Français").click()
    expect(door.get_by_role("heading", name="Se connecter", exact=True)).to_be_visible()


def test_a_passkey_is_made_and_opens_the_door(door: Page) -> None:
    devtools = door.context.new_cdp_session(door)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    person = somebody(None)
    enter(door, person)
    door.wait_for_url("**/no-duty/")
    door.goto(door.url.replace("/no-duty/", "/account/second-factor/webauthn/add/"))
    confirm(door)
    door.locator("#id_passwordless").check()
    assert serious(door) == []
    door.locator("#mfa_webauthn_add").click()
    door.wait_for_url("**/recovery-codes/")
    assert serious(door) == []
    assert told("second_factor_added", person)[0] == {"factor": "webauthn"}
    door.goto(door.url.replace("recovery-codes", "webauthn"))
    assert serious(door) == []
    door.goto(door.url.split("/account/")[0] + "/account/")
    door.get_by_role("button", name="Se déconnecter").click()
    door.wait_for_url("**/login/")
    services.give_duty(person=person, role=Role.AUDITOR, organisation=person.organisation, by=None)
    door.goto(door.url + "?next=/account/")
    door.locator("#passkey_login").click()
    door.wait_for_url(lambda url: url.endswith("/account/") and "/login/" not in url)
    assert told("logged_in", person)[-1] == {"method": "passkey"}


def test_a_passkey_that_fails_says_so(door: Page) -> None:
    devtools = door.context.new_cdp_session(door)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    door.locator("#passkey_login").click()
    expect(door.locator("#passkey_error")).to_be_visible()


def test_a_second_factor_is_asked_for_once_it_is_set_up(door: Page) -> None:
    person = somebody(None)
    enter(door, person)
    door.wait_for_url("**/no-duty/")
    door.goto(door.url.replace("/no-duty/", "/account/second-factor/"))
    assert serious(door) == []
    door.goto(door.url + "totp/activate/")
    confirm(door)
    secret = door.locator("#authenticator_secret").input_value()
    assert serious(door) == []
    door.locator("#id_code").fill(code_of(secret, time.time()))
    door.locator("#id_code").press("Enter")
    door.wait_for_url("**/recovery-codes/")
    door.goto(door.url.split("/account/")[0] + "/account/")
    assert serious(door) == []
    door.get_by_role("button", name="Se déconnecter").click()
    enter(door, person)
    door.wait_for_url("**/authenticate/")
    assert serious(door) == []
    door.locator("#id_code").fill("000000")
    door.locator("#id_code").press("Enter")
    expect(door.locator(".errorlist").first).to_be_visible()
    assert [one["why"] for one in told("login_refused", person)][-1] == "wrong_code"
    # The next one: another than before, and taken from half a minute too early to half a minute too late.
    door.locator("#id_code").fill(code_of(secret, time.time() + 30))
    door.locator("#id_code").press("Enter")
    door.wait_for_url("**/no-duty/")
    assert told("logged_in", person)[-1] == {"method": "mfa"}


def test_the_administration_works_under_the_policy(door: Page) -> None:
    person = somebody(Role.ADMINISTRATOR)
    enter(door, person)
    door.wait_for_url(lambda url: "/login/" not in url)
    for path in ("/admin/", "/admin/access/person/", "/admin/access/duty/add/", "/admin/access/client/add/"):
        door.goto(door.url.split("/", 3)[0] + "//" + door.url.split("/")[2] + path)
        assert door.evaluate("window.violations") == []
