"""How an inject reaches the players: through the post itself, as the real thing would.

An inject with an `incident` is declared like any report; one with a `colour` is passed on as a warning. Rooms that receive by other ways register theirs, in their
`ready`; in the end whoever plays sees a call, an alarm or a message, never an inject.
"""

from collections.abc import Callable
from uuid import UUID

from access.machines import machine
from access.models import Person
from access.roles import Role
from crisis.exercise import scenarios
from crisis.exercise.models import Inject
from crisis.exercise.workflow import Channel
from crisis.services import pass_on
from incidents.services import Draft, declare
from incidents.workflow import Source

Deliver = Callable[[Inject, Person], UUID | None]
SOURCES: dict[str, Source] = {
    Channel.PHONE: Source.PHONE,
    Channel.ALARM: Source.SENSOR,
    Channel.RUMOUR: Source.CITIZEN,
    Channel.PREFECTURE: Source.PREFECTURE,
    Channel.WEATHER: Source.WEATHER,
    Channel.CREW: Source.CREW,
    Channel.COMMUNE: Source.COMMUNE,
}
_WAYS: dict[str, Deliver] = {}


def register(channel: Channel, deliver: Deliver) -> None:
    """Let a room receive what comes by this channel. `deliver(inject, voice)` runs in the writer's transaction, `voice`
    being who speaks in the exercise's name; it gives the id of what it made, if anything."""
    _WAYS[channel] = deliver


def voice() -> Person:
    """Who speaks for everybody outside: a machine of the exercise, known as such in the record."""
    return machine(
        login="animation", name="Animation de l’exercice", organisation="dijon-metropole", role=Role.CALL_TAKER
    )


def deliver(inject: Inject) -> UUID | None:
    """Make it happen, inside the caller's transaction; the id of what it became. Raises what a declaration raises."""
    speaker = voice()
    if inject.incident is not None:
        return _declared(inject, speaker)
    if inject.colour:
        _warned(inject, speaker)
        return None
    way = _WAYS.get(inject.channel) or _read_out
    return way(inject, speaker)


def _declared(inject: Inject, speaker: Person) -> UUID:
    told = {name: value for name, value in inject.incident.items() if value is not None}
    draft = Draft(title=inject.title, description=inject.text, source=SOURCES[inject.channel], **told)
    return declare(by=speaker, draft=draft).id


def _warned(inject: Inject, speaker: Person) -> None:
    """The colour reaches the cells, or proposes one, as it would from the real service."""
    hazard = scenarios.get(inject.exercise.scenario).plan
    pass_on(by=speaker, hazard=hazard, colour=inject.colour, why=inject.title[:400])


def _read_out(inject: Inject, speaker: Person) -> UUID | None:
    """What comes by telephone or by message is read out by the facilitator: the page shows whom to tell it to."""
    return None
