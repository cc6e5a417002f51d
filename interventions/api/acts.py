"""The verbs: one address each, all made from one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from access.api.base import Call, View, endpoint
from interventions import services
from interventions.api import bodies
from interventions.api.views import row_answer
from interventions.models import Intervention
from interventions.rows import InterventionRow
from interventions.workflow import MOVES
from journal.idempotency import Answer


@dataclass(frozen=True, slots=True)
class Act:
    """`name` in the workflow, body, summary, the service that carries it out; `versioned`: needs If-Match. What only
    adds to a mission does not."""

    name: str
    body: type[msgspec.Struct]
    summary: str
    service: Callable[..., Intervention]
    versioned: bool = True

    @property
    def path(self) -> str:
        return self.name.replace("_", "-")


def _edit(*, intervention_id: UUID, by: Any, version: int | None, **words: Any) -> Intervention:
    correction = services.Correction(**words)
    return services.edit(intervention_id=intervention_id, by=by, version=version, correction=correction)


ACTS = (
    Act("edit", bodies.EditBody, "Correct what is wanted", _edit),
    Act("assign", bodies.AssignBody, "Give it to a crew", services.assign),
    Act("unassign", bodies.ReasonBody, "Take it back from its crew", services.unassign),
    Act("accept", bodies.FieldBody, "The crew takes it", services.accept),
    Act("refuse", bodies.RefuseBody, "The crew cannot", services.refuse),
    Act("depart", bodies.FieldBody, "On the way", services.depart),
    Act("arrive", bodies.FieldBody, "On site", services.arrive),
    Act("finish", bodies.FinishBody, "The work is done", services.finish),
    Act("fail", bodies.RefuseBody, "It could not be done", services.fail),
    Act("verify", bodies.VerifyBody, "It is done and good", services.verify),
    Act("reopen", bodies.ReasonBody, "Not good: it waits for a crew again", services.reopen),
    Act("cancel", bodies.ReasonBody, "Call it off", services.cancel),
    Act("pause", bodies.PauseBody, "Stop its clocks", services.pause),
    Act("resume", bodies.FieldBody, "Let its clocks go on", services.resume),
    Act("hold", bodies.PauseBody, "The crew stops its clocks", services.hold),
    Act("release", bodies.FieldBody, "The crew lets its clocks go on", services.release),
    Act("tick", bodies.TickBody, "One item of the checklist", services.tick, versioned=False),
    Act("note", bodies.NoteBody, "Words from the field", services.note, versioned=False),
    Act("material", bodies.MaterialBody, "Something was used up", services.material, versioned=False),
    Act("check_in", bodies.FieldBody, "A sign of life", services.check_in, versioned=False),
)
SERVICES: dict[str, Act] = {act.name: act for act in ACTS}


def words_of(body: msgspec.Struct) -> dict[str, Any]:
    """The members of a body as the service takes them."""
    words = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}
    if "id" in words:
        words["row_id"] = words.pop("id")
    return words


def view_of(act: Act) -> type[View]:
    """The view class of one act: reads the body, hands it to the service, answers with the new row."""

    @endpoint(
        act.summary,
        right=MOVES[act.name].permission,
        body=act.body,
        answer=InterventionRow,
        versioned=act.versioned,
    )
    def post(self: View, call: Call, intervention_id: UUID) -> Answer:
        version = {"version": call.version} if act.versioned else {}
        words = words_of(call.body(act.body))
        return row_answer(act.service(intervention_id=intervention_id, by=call.by, **version, **words))

    name = "".join(part.title() for part in act.name.split("_"))
    return type(f"Intervention{name}View", (View,), {"post": post, "__module__": __name__})


VIEWS: dict[str, Any] = {act.path: view_of(act) for act in ACTS}
