"""The verbs: one address each, all made from one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from access.api.base import Call, View, endpoint
from access.models import Person
from incidents import selectors, services
from incidents.api import bodies
from incidents.api.views import row_answer
from incidents.models import Incident
from incidents.rows import IncidentRow
from incidents.services.restricting import named_people
from incidents.workflow import MOVES
from journal.idempotency import Answer


@dataclass(frozen=True, slots=True)
class Act:
    """`name` in the workflow, last part of the address, body, summary, and the service that carries it out."""

    name: str
    path: str
    body: type[msgspec.Struct]
    summary: str
    service: Callable[..., Incident]


ACTS = (
    Act("acknowledge", "acknowledge", bodies.NothingBody, "I have seen it", services.acknowledge),
    Act("qualify", "qualify", bodies.QualifyBody, "Say what it is and how urgent", services.qualify),
    Act("edit", "edit", bodies.EditBody, "Correct title and address", services.edit),
    Act("assign", "assign", bodies.AssignBody, "Give it to an organisation or a person", services.assign),
    Act("start", "start", bodies.NothingBody, "Work has begun", services.start),
    Act("resolve", "resolve", bodies.OutcomeBody, "The trouble is over", services.resolve),
    Act("close", "close", bodies.NothingBody, "Checked and put away", services.close),
    Act("cancel", "cancel", bodies.ReasonBody, "It was nothing, or not ours", services.cancel),
    Act("reopen", "reopen", bodies.ReasonBody, "It was not over after all", services.reopen),
    Act("move", "move", bodies.MoveBody, "Correct where it is", services.move),
    Act("merge", "merge", bodies.MergeBody, "It is the same one as another", services.merge),
    Act("unmerge", "unmerge", bodies.ReasonBody, "It was not the same one", services.unmerge),
    Act("snooze", "snooze", bodies.SnoozeBody, "Set it aside for a while", services.snooze),
    Act("hand_over", "hand-over", bodies.HandOverBody, "Another organisation has to take it up", services.hand_over),
    Act("restrict", "restrict", bodies.RestrictBody, "Named people only", services.restrict),
    Act("unrestrict", "unrestrict", bodies.ReasonBody, "For everyone of the post again", services.unrestrict),
)


def view_of(act: Act) -> type[View]:
    """The view class of one act: reads the body, hands it to the service, answers with the new row."""

    @endpoint(act.summary, right=MOVES[act.name].permission, body=act.body, answer=IncidentRow, versioned=True)
    def post(self: View, call: Call, incident_id: UUID) -> Answer:
        version, words = call.version, msgspec.structs.asdict(call.body(act.body))
        return row_answer(act.service(incident_id=incident_id, by=call.by, version=version, **words))

    return type(f"{act.name.title()}View", (View,), {"post": post, "__module__": __name__})


class PeopleView(View):
    """Who is named on a restricted incident."""

    @endpoint(
        "Name people on it, or take names off",
        right=MOVES["name_people"].permission,
        body=bodies.NameBody,
        answer=IncidentRow,
        versioned=True,
    )
    def post(self, call: Call, incident_id: UUID) -> Answer:
        version, body = call.version, call.body(bodies.NameBody)
        add, remove = set(body.add), set(body.remove)
        if body.people is not None:
            named = {one.id for one in named_people(selectors.get(incident_id=incident_id, access=call.access))}
            add |= set(body.people) - named
            remove |= named - set(body.people)
        return row_answer(
            services.name_people(incident_id=incident_id, by=call.by, add=add, remove=remove, version=version)
        )


def _watching(wanted: bool) -> type[View]:
    @endpoint(
        "Tell me about it" if wanted else "No longer tell me about it",
        right=MOVES["watch"].permission,
        body=bodies.NothingBody,
        answer=IncidentRow,
    )
    def post(self: View, call: Call, incident_id: UUID) -> Answer:
        call.body(bodies.NothingBody)
        by: Person = call.by
        services.watch(incident_id=incident_id, by=by, wanted=wanted)
        return row_answer(selectors.get(incident_id=incident_id, access=call.access))

    return type("WatchView" if wanted else "UnwatchView", (View,), {"post": post, "__module__": __name__})


WatchView, UnwatchView = _watching(True), _watching(False)
VIEWS: dict[str, Any] = {act.path: view_of(act) for act in ACTS}
VIEWS |= {"people": PeopleView, "watch": WatchView, "unwatch": UnwatchView}
