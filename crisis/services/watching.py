"""Colours of the weather and flood services, as somebody or a machine passes them on: they suggest, a person decides."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from access.models import Person
from access.selectors import access_of
from access.services import require_anywhere
from crisis.models import Cell, Plan, Suggestion
from crisis.permissions import Permission
from crisis.services.acting import choice, clock, in_post, label_in_post, words
from crisis.services.suggesting import propose_cell, settle, suggest_level
from crisis.workflow import LEVELS, OPENS_AT, Level
from journal.services import writing


class Hazard(models.TextChoices):
    FLOOD = "flood", _("Flood")
    SNOW = "snow", _("Snow and ice")
    HEAT = "heat", _("Heat wave")
    STORM = "storm", _("Storm")


class Colour(models.TextChoices):
    GREEN = "green", pgettext_lazy("a warning's colour", "Green")
    YELLOW = "yellow", pgettext_lazy("a warning's colour", "Yellow")
    ORANGE = "orange", pgettext_lazy("a warning's colour", "Orange")
    RED = "red", pgettext_lazy("a warning's colour", "Red")


@dataclass(frozen=True, slots=True)
class Watched:
    """The plan that a hazard belongs to, and whose warning it is."""

    plan: str
    source: str


WATCHED: dict[str, Watched] = {
    Hazard.FLOOD: Watched("flood", "flood"),
    Hazard.SNOW: Watched("snow", "weather"),
    Hazard.HEAT: Watched("heat", "weather"),
    Hazard.STORM: Watched("pics", "weather"),
}
SUGGESTS: dict[str, Level] = {Colour.YELLOW: Level.WATCH, Colour.ORANGE: Level.ALERT, Colour.RED: Level.CRISIS}


def pass_on(*, by: Person, hazard: str, colour: str, why: str) -> list[Suggestion]:
    """A warning has this colour now. Each open cell under the hazard's plan is suggested the level that goes with it, when
    it could go there; without such a cell, one is proposed. What the same service suggested before is set aside; green
    does only that. Returns what is suggested. Raises NotAllowed, Invalid."""
    with writing(by) as record:
        require_anywhere(access_of(by), Permission.LOG)
        watched = WATCHED[choice(hazard, WATCHED, name="hazard")]
        level = SUGGESTS.get(choice(colour, Colour.values, name="colour"))
        warning = gettext_noop("%(hazard)s, %(colour)s: %(why)s")
        labels = {"hazard": label_in_post(Hazard, hazard), "colour": label_in_post(Colour, colour)}
        told = words(in_post(warning, **labels, why=words(why, name="why")), name="why")
        for earlier in _before(watched):
            settle(record, earlier, "set_aside", by, clock())
        return _suggested(by, watched, level, told) if level else []


def _before(watched: Watched) -> list[Suggestion]:
    waiting = Suggestion.objects.select_for_update(of=("self",)).filter(source=watched.source, settled_at=None)
    about = models.Q(cell=None, plan=watched.plan) | models.Q(cell__plan=watched.plan, cell__closed_at=None)
    return list(waiting.filter(about).select_related("cell").order_by("id"))


def _suggested(by: Person, watched: Watched, level: Level, why: str) -> list[Suggestion]:
    cells = list(Cell.objects.filter(plan=watched.plan, closed_at=None).select_related("plan").order_by("id"))
    if cells:
        able = [one for one in cells if level in LEVELS[one.level] and level in one.plan.levels]
        return [suggest_level(cell=one, by=by, source=watched.source, why=why, level=level) for one in able]
    plan = Plan.objects.filter(key=watched.plan, active=True).first()
    if plan is None or level not in OPENS_AT or level not in plan.levels:
        return []
    return [propose_cell(by=by, plan=plan, source=watched.source, why=why, level=level)]
