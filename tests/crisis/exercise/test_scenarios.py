"""The three scenarios can be read, and everything in them exists."""

from datetime import timedelta

import msgspec
import pytest

from crisis.exercise import scenarios
from crisis.exercise.scenarios import Scenario, span
from crisis.services.watching import WATCHED
from incidents.models import Category
from journal.errors import NotFound
from territory.selectors import commune_at


def test_three_scenarios_are_written() -> None:
    assert list(scenarios.scenarios()) == ["crue-ouche", "explosion-gaz", "neige-deux-jours"]
    with pytest.raises(NotFound):
        scenarios.get("tremblement-de-terre")


@pytest.mark.parametrize("key", ["crue-ouche", "explosion-gaz", "neige-deux-jours"])
def test_every_inject_can_happen(db: None, key: str) -> None:
    scenario = scenarios.get(key)
    known = set(Category.objects.filter(parent__isnull=False, active=True).values_list("key", flat=True))
    times = [span(inject.at) for inject in scenario.injects]
    assert times == sorted(times)
    assert times[0] == timedelta()
    assert times[-1] <= span(scenario.duration)
    for inject in scenario.injects:
        if inject.incident is not None:
            assert inject.incident.category in known
            assert commune_at(inject.incident.lat, inject.incident.lon) is not None
        else:
            assert inject.receiver, "somebody must be told"
        assert not inject.colour or scenario.plan in WATCHED


def test_each_scenario_comes_by_every_way_that_was_asked() -> None:
    for scenario in scenarios.scenarios().values():
        assert {"phone", "alarm", "rumour", "prefecture"} <= {inject.by for inject in scenario.injects}


@pytest.mark.parametrize("clock", ["T+0:60", "1:00", "T+1", "T+-1:00", "T+1:00:00"])
def test_a_time_that_is_none_is_refused(clock: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        span(clock)


def test_a_file_with_a_field_too_many_is_refused() -> None:
    broken = scenarios.FOLDER.joinpath("1-crue-ouche.yaml").read_bytes() + b"surprise: yes\n"
    with pytest.raises(msgspec.ValidationError, match="surprise"):
        msgspec.yaml.decode(broken, type=Scenario)
