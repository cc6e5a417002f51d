"""Lines written beforehand: each can be typed, read and sent as it stands once its blanks are filled."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from crisis.commands import SHOWN, parse
from crisis.models import Plan
from crisis.templates import BLANK, fitting
from territory.wording import fold


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.django_db
def test_every_theme_has_lines_that_read_as_lines(language: str) -> None:
    with override(language):
        for plan in Plan.objects.all():
            found = fitting(plan.theme)
            names = [one.name for one in found]
            assert len(names) == len(set(names)) >= 8
            assert not set(names) & {fold(word) for word in SHOWN}
            assert all(name == fold(name).replace(" ", "-") for name in names)
            for one in found:
                read = parse(one.text.replace(BLANK, "3"), now=datetime.now(UTC))
                assert (read.act, BLANK in one.text) == ("log", True)
                assert "credibility" in read.told


def test_a_theme_s_own_come_first() -> None:
    with override("fr"):
        assert fitting("flood")[0].name == "hauteur"
        assert "hauteur" not in {one.name for one in fitting("snow")}
