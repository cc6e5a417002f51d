"""The scenario's clock: started, paused, set; what is due happens once, in order, through the post itself."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import F
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from access.models import Person
from access.roles import Role
from crisis import services as cells
from crisis.exercise import services
from crisis.exercise.delivery import register
from crisis.exercise.models import Exercise, Inject
from crisis.exercise.workflow import MOVES, Channel, Status
from crisis.models import Suggestion
from crisis.services.acting import clock
from incidents.models import Incident
from incidents.services import acknowledge
from journal.errors import Conflict, Invalid, NotAllowed, NotFound, Stale, WrongState
from journal.models import Entry
from notifications import timers
from notifications.models import Timer
from tests.cast import person
from tests.crisis import world


def later(exercise: Exercise, minutes: float) -> None:
    """Time passes: the clock was started so long ago, and the timers were set then."""
    span = timedelta(minutes=minutes)
    Exercise.objects.filter(id=exercise.id).update(running_since=F("running_since") - span)
    Timer.objects.update(due_at=F("due_at") - span)


def sweep() -> None:
    while timers.sweep():
        pass


def happened(exercise: Exercise) -> list[int]:
    return [inject.number for inject in exercise.injects.exclude(played_at=None).order_by("played_at", "number")]


def test_injects_happen_when_their_time_comes_and_as_real_reports(flood: Exercise, facilitator: Person) -> None:
    services.start(exercise_id=flood.id, by=facilitator)
    sweep()
    assert happened(flood) == [1]
    later(flood, 15)
    sweep()
    assert happened(flood) == [1, 2, 3]
    declared = Incident.objects.order_by("declared_at")
    assert [(one.source, one.title) for one in declared] == [
        ("phone", "L’eau passe sur le chemin de halage"), ("sensor", "Seuil d’alerte franchi à Plombières"),
    ]  # fmt: skip
    assert {one.made for one in flood.injects.filter(number__in=(2, 3))} == {one.id for one in declared}
    kinds = list(Entry.objects.filter(about=flood.id).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["exercise.opened", "exercise.started", *["exercise.inject_played"] * 3]


def test_a_paused_clock_plays_nothing_and_goes_on_where_it_stood(flood: Exercise, facilitator: Person) -> None:
    services.start(exercise_id=flood.id, by=facilitator)
    sweep()
    later(flood, 5)
    paused = services.pause(exercise_id=flood.id, by=facilitator)
    assert timedelta(minutes=5) <= paused.position < timedelta(minutes=6)
    Timer.objects.update(due_at=Now() - timedelta(minutes=1))
    sweep()
    assert happened(flood) == [1]
    services.resume(exercise_id=flood.id, by=facilitator)
    sweep()
    assert happened(flood) == [1]
    later(flood, 1)
    sweep()
    assert happened(flood) == [1, 2]


def test_a_jump_forward_plays_what_lies_between_and_back_plays_nothing_twice(
    flood: Exercise, facilitator: Person
) -> None:
    services.start(exercise_id=flood.id, by=facilitator)
    left_out = flood.injects.get(number=2)
    services.skip(exercise_id=flood.id, inject_id=left_out.id, by=facilitator)
    services.jump(exercise_id=flood.id, by=facilitator, to=23 * 60)
    sweep()
    assert happened(flood) == [1, 3, 4]
    services.jump(exercise_id=flood.id, by=facilitator, to=0)
    sweep()
    assert happened(flood) == [1, 3, 4]
    with pytest.raises(Invalid):
        services.jump(exercise_id=flood.id, by=facilitator, to=999_999)


def test_one_inject_at_the_facilitators_own_time_and_once(flood: Exercise, facilitator: Person) -> None:
    services.start(exercise_id=flood.id, by=facilitator)
    wanted = flood.injects.get(number=6)
    services.play(exercise_id=flood.id, inject_id=wanted.id, by=facilitator)
    assert Incident.objects.get().priority == "P1"
    for again in (services.play, services.skip):
        with pytest.raises(WrongState):
            again(exercise_id=flood.id, inject_id=wanted.id, by=facilitator)


def test_a_room_receives_by_its_own_way(flood: Exercise, facilitator: Person) -> None:
    got: list[str] = []

    def receive(inject: Inject, voice: Person) -> UUID | None:
        got.append(f"{voice.login}: {inject.title}")
        return None

    from crisis.exercise import delivery

    before = dict(delivery._WAYS)
    register(Channel.PREFECTURE, receive)
    try:
        services.start(exercise_id=flood.id, by=facilitator)
        services.play(exercise_id=flood.id, inject_id=flood.injects.get(number=7).id, by=facilitator)
    finally:
        delivery._WAYS.clear()
        delivery._WAYS.update(before)
    assert got == ["animation: Demande de point de situation et capacité d’hébergement"]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", MOVES)
def test_every_act_in_every_state(flood: Exercise, facilitator: Person, act: str, status: Status) -> None:
    running = Now() if status == Status.RUNNING else None
    Exercise.objects.filter(id=flood.id).update(status=status, running_since=running)
    values: dict[str, dict[str, Any]] = {"jump": {"to": 60.0}, "observe": {"seen": True}}
    more = values.get(act, {})
    if act in ("play", "skip", "observe"):
        more["inject_id"] = flood.injects.get(number=1).id
    allowed = {
        "start": {"ready"}, "pause": {"running"}, "resume": {"paused"}, "jump": {"running", "paused"},
        "play": {"running", "paused"}, "skip": {"ready", "running", "paused"},
        "observe": {"running", "paused", "finished"}, "finish": {"ready", "running", "paused"},
    }[act]  # fmt: skip
    if status in allowed:
        getattr(services, act)(exercise_id=flood.id, by=facilitator, **more)
    else:
        with pytest.raises(WrongState):
            getattr(services, act)(exercise_id=flood.id, by=facilitator, **more)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_who_plays_leads_the_exercise(flood: Exercise, role: Role) -> None:
    with pytest.raises(NotAllowed):
        services.start(exercise_id=flood.id, by=person(role))


def test_one_at_a_time_and_nobody_overwrites_the_other(flood: Exercise, facilitator: Person) -> None:
    with pytest.raises(Conflict):
        services.open_exercise(scenario="explosion-gaz", by=facilitator)
    services.start(exercise_id=flood.id, by=facilitator, version=flood.version)
    with pytest.raises(Stale):
        services.pause(exercise_id=flood.id, by=facilitator, version=flood.version)
    services.finish(exercise_id=flood.id, by=facilitator)
    services.open_exercise(scenario="explosion-gaz", by=facilitator)


def test_a_real_post_knows_no_exercise(flood: Exercise, facilitator: Person, settings: Settings) -> None:
    settings.EXERCISE = False
    with pytest.raises(NotFound):
        services.start(exercise_id=flood.id, by=facilitator)
    with pytest.raises(NotFound):
        services.open_exercise(scenario="crue-ouche", by=facilitator)


def test_the_sheet_is_read_from_the_journal(flood: Exercise, facilitator: Person) -> None:
    from crisis.exercise.evaluation import sheet

    services.start(exercise_id=flood.id, by=facilitator)
    services.jump(exercise_id=flood.id, by=facilitator, to=6 * 60)
    sweep()
    acknowledge(incident_id=Incident.objects.get().id, by=person(Role.CALL_TAKER))
    first, second = flood.injects.filter(number__in=(1, 2)).order_by("number")
    services.observe(exercise_id=flood.id, inject_id=first.id, by=facilitator, seen=True, note="Vite fait.")
    found = sheet(flood)
    marks = {mark.number: mark for mark in found.injects}
    assert marks[1].seen is not None
    assert (marks[1].late, marks[1].note) == (False, "Vite fait.")
    assert marks[2].reaction is not None
    assert marks[2].late is False
    assert marks[3].late is None, "it has not happened"
    assert (found.to_open, found.lines, found.actions) == (None, 0, 0)
    assert second.made is not None


def test_the_sheet_counts_what_the_cell_did(flood: Exercise, facilitator: Person) -> None:
    from crisis.exercise.evaluation import sheet

    services.start(exercise_id=flood.id, by=facilitator)
    sweep()
    cell = world.opened()
    for text, span in (("En retard", -5), ("À l'heure", 30)):
        due = clock() + timedelta(minutes=span)
        cells.act(cell_id=cell.id, by=cell.director, task=cells.Task(text=text, function="logistics", due_at=due))
    report = cells.draft_report(cell_id=cell.id, by=cell.director)
    assert sheet(flood).reports == 0, "a draft is none"
    cells.approve_report(cell_id=cell.id, by=cell.director, report_id=report.id)
    found = sheet(flood)
    assert (found.reports, found.actions, found.open_actions, found.late_actions) == (1, 2, 2, 1)
    assert found.to_open is not None
    assert found.to_first_report is not None
    assert found.to_first_report >= found.to_open


def test_a_warning_proposes_a_cell_then_suggests_a_level(flood: Exercise, facilitator: Person) -> None:
    services.start(exercise_id=flood.id, by=facilitator)
    sweep()
    proposed = Suggestion.objects.get()
    assert (proposed.plan_id, proposed.level, proposed.source) == ("flood", "alert", "flood")
    assert "Vigilance crues orange" in proposed.why
