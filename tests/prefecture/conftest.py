import pytest
from pytest_django import Settings

from tests.prefecture import world
from tests.prefecture.pair import pair

__all__ = ["pair"]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cod(db: None, settings: Settings) -> world.Cod:
    return world.cod(settings)
