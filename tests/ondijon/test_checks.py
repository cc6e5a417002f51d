"""`manage.py up` refuses what would leave the post open."""

from typing import Any

import pytest
from pytest_django import Settings

from ondijon import checks


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("DEMO", True, "ondijon.E001"),
        ("PUBLIC_ORIGINS", [], "ondijon.E002"),
        ("PUBLIC_ORIGINS", ["https://a.fr", "http://a.fr"], "ondijon.E003"),
        ("ALLOWED_HOSTS", ["a.fr", "*"], "ondijon.E004"),
        ("LIVE_URL", "ws://a.fr", "ondijon.E005"),
    ],
)
def test_each_unsafe_setting_is_refused(settings: Settings, name: str, value: Any, refusal: str) -> None:
    settings.DEMO, settings.PUBLIC_ORIGINS, settings.LIVE_URL = False, ["https://a.fr"], "wss://a.fr"
    settings.ALLOWED_HOSTS = ["a.fr"]
    assert found() == []
    setattr(settings, name, value)
    assert found() == [refusal]


def found() -> list[str]:
    every = (
        checks.a_real_post_has_no_demo,
        checks.origins_are_known_and_encrypted,
        checks.hosts_are_named,
        checks.sockets_are_encrypted,
    )
    return [str(error.id) for check in every for error in check(None)]
