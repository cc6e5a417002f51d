"""Make the README's pictures from a running demo: `python3 manage.py demo`, then `.venv/bin/python docs/screenshots.py`.

Enters as different people by the one-click login, in Chromium, and waits for the desk to have something to show.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def enter(browser: Browser, url: str, login: str, *, language: str, theme: str, size: tuple[int, int]) -> Page:
    """A desk opened as one of the demo's people."""
    context = browser.new_context(
        base_url=url,
        locale=language,
        timezone_id="Europe/Paris",
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
    )
    context.add_cookies([{"name": "theme", "value": theme, "url": url}])
    page = context.new_page()
    page.goto("/login/")
    page.locator(f"form[action*='{login}'] button").click()
    page.wait_for_selector("#link[data-state=live]", timeout=20_000)
    return page


def desk(page: Page, name: str, *, wanted: int) -> None:
    """The list with at least `wanted` lines, the second one open in the drawer."""
    page.wait_for_function(f"document.querySelectorAll('[data-id]').length >= {wanted}", timeout=180_000)
    page.locator("[data-id]").nth(1).click()
    page.wait_for_timeout(1_500)
    page.screenshot(path=str(IMAGES / name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--lines", type=int, default=12, help="incidents on the desk before the picture is taken")
    options = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        french = enter(browser, options.url, "farid", language="fr-FR", theme="dark", size=(1920, 1080))
        desk(french, "desk.png", wanted=options.lines)
        english = enter(browser, options.url, "chloe", language="en-GB", theme="light", size=(1440, 900))
        desk(english, "desk-light.png", wanted=options.lines)
        phone = enter(browser, options.url, "amandine", language="fr-FR", theme="dark", size=(390, 844))
        phone.screenshot(path=str(IMAGES / "phone.png"))
        browser.close()


if __name__ == "__main__":
    main()
