"""Addresses of the exercise world. A real post has none of them (ondijon.urls_exercise)."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from crisis.exercise import selectors, services
from crisis.exercise.api import bodies
from crisis.exercise.evaluation import Sheet, sheet
from crisis.exercise.models import Exercise
from crisis.exercise.permissions import Permission
from crisis.exercise.rows import ExerciseRow, inject_row, row_of
from journal.api.answers import answer
from journal.idempotency import Answer


def row_answer(exercise: Exercise, *, status: int = 200) -> Answer:
    return answer(row_of(exercise), status=status, ETag=f'"{exercise.version}"')


class ExercisesView(View):
    @endpoint("Exercises of this world, newest first", right=Permission.SEE, answer=bodies.ExercisePage)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(bodies.ExercisePage([row_of(one) for one in selectors.visible(call.access)[:100]]))

    @endpoint("Take up a scenario", right=Permission.FACILITATE, body=bodies.OpenBody, answer=ExerciseRow, status=201)
    def post(self, call: Call) -> Answer:
        wanted = call.body(bodies.OpenBody)
        return row_answer(services.open_exercise(scenario=wanted.scenario, by=call.by), status=201)


class ExerciseView(View):
    @endpoint("One exercise with all its injects", right=Permission.SEE, answer=bodies.ExerciseDetail)
    def get(self, call: Call, exercise_id: UUID) -> Answer:
        found = selectors.get(exercise_id=exercise_id, access=call.access)
        rows = [inject_row(one) for one in selectors.injects(found)]
        return answer(bodies.ExerciseDetail(row_of(found), rows), ETag=f'"{found.version}"')


class EvaluationView(View):
    @endpoint("The evaluation sheet", right=Permission.SEE, answer=Sheet)
    def get(self, call: Call, exercise_id: UUID) -> Answer:
        return answer(sheet(selectors.get(exercise_id=exercise_id, access=call.access)))


@dataclass(frozen=True, slots=True)
class Act:
    """Last part of the address, body, summary and service; `inject`: the address names one."""

    name: str
    body: type[msgspec.Struct]
    summary: str
    service: Callable[..., Exercise]


ACTS = (
    Act("start", bodies.NothingBody, "T+0 is now", services.start),
    Act("pause", bodies.NothingBody, "Let the clock stand", services.pause),
    Act("resume", bodies.NothingBody, "Let the clock go on", services.resume),
    Act("jump", bodies.JumpBody, "Set the clock", services.jump),
    Act("finish", bodies.NothingBody, "End the exercise", services.finish),
)
INJECT_ACTS = (
    Act("play", bodies.NothingBody, "Let it happen now", services.play),
    Act("skip", bodies.NothingBody, "Leave it out", services.skip),
    Act("observe", bodies.ObserveBody, "Note the reaction", services.observe),
)


def view_of(act: Act) -> type[View]:
    """The view class of one act: reads the body, hands it to the service, answers with the new row."""

    @endpoint(act.summary, right=Permission.FACILITATE, body=act.body, answer=ExerciseRow, versioned=True)
    def post(self: View, call: Call, **path: UUID) -> Answer:
        version, words = call.version, msgspec.structs.asdict(call.body(act.body))
        return row_answer(act.service(by=call.by, version=version, **path, **words))

    return type(f"{act.name.title()}View", (View,), {"post": post, "__module__": __name__})
