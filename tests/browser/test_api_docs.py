"""The API's page works in a real browser under the strict policy."""

from playwright.sync_api import Page, expect


def test_the_page_shows_its_operations_and_breaks_no_policy(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/api/docs/")
    expect(page.locator(".opblock-tag").nth(19)).to_be_attached()
    page.locator(".opblock-tag", has_text="incidents").first.click()
    page.locator(".opblock-summary-control", has_text="/api/v1/incidents/{incident_id}/qualify/").click()
    expect(page.get_by_text("Idempotency-Key").first).to_be_visible()
    assert complaints == []
