"""An exercise's world inside the suite: the settings that `demo --exercise` gives, without the guard on connections."""

import pytest
from pytest_django.fixtures import Settings

from access.models import Person
from access.roles import Role
from crisis.exercise import services
from crisis.exercise.models import Exercise
from tests.cast import person


@pytest.fixture(autouse=True)
def in_an_exercise(settings: Settings) -> None:
    settings.EXERCISE = True
    settings.ROOT_URLCONF = "ondijon.urls_exercise"


@pytest.fixture
def facilitator(db: None) -> Person:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def flood(facilitator: Person) -> Exercise:
    return services.open_exercise(scenario="crue-ouche", by=facilitator)
