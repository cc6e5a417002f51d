"""Stories are told at people's desks, as the browser tests are."""

from tests.browser.conftest import enter

__all__ = ["enter"]
