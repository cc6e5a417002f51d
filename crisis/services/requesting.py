"""Requests for means: they become an intervention of ours, or a message to whoever has them."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Organisation, Person
from crisis.events import MeansAnswered, MeansRequested
from crisis.functions import Function
from crisis.models import MeansRequest
from crisis.rows import request_row
from crisis.services.acting import Change, acting, choice, in_post, words
from crisis.services.logging import act_line, write_line
from crisis.telling import tell
from crisis.workflow import LineKind
from interventions.services import Ask, propose
from journal.errors import Invalid, NotFound, Stale, WrongState


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed, where and by when. `via` an intervention of the `incident`, an organisation, or the prefecture."""

    function: str
    what: str
    via: str
    quantity: int = 1
    where: str = ""
    needed_by: datetime | None = None
    organisation: UUID | None = None
    incident: UUID | None = None


def request_means(*, cell_id: UUID, by: Person, wish: Wish) -> MeansRequest:
    """Ask for means. As an intervention it takes the right to plan one: raises what interventions raise as well."""
    with acting("request", cell_id=cell_id, by=by) as change:
        choice(wish.via, MeansRequest.Via.values, name="via")
        if wish.needed_by is not None and wish.needed_by.tzinfo is None:
            raise Invalid(errors={"needed_by": [_("Give the time with its zone.")]})
        request = MeansRequest(
            cell=change.cell,
            function=choice(wish.function, Function.values, name="function"),
            what=words(wish.what, name="what", limit=200),
            quantity=wish.quantity,
            where=words(wish.where, name="where", needed=False, limit=200),
            needed_by=wish.needed_by,
            via=wish.via,
            by=by,
            at=change.now,
        )
        if wish.via == MeansRequest.Via.INTERVENTION:
            request.intervention = _intervention(by, wish)
        if wish.via == MeansRequest.Via.ORGANISATION:
            request.organisation = _organisation(wish.organisation)
        request.save(force_insert=True)
        _send(change, request)
        return request


def _intervention(by: Person, wish: Wish) -> UUID:
    if wish.incident is None:
        raise Invalid(errors={"incident": [_("Name the incident that it is for.")]})
    title = f"{wish.quantity} × {wish.what}"[:160] if wish.quantity > 1 else wish.what[:160]
    return propose(by=by, ask=Ask(incident=wish.incident, title=title, window_end=wish.needed_by)).id


def _organisation(key: UUID | None) -> Organisation:
    found = Organisation.objects.filter(id=key).first() if key else None
    if found is None:
        raise Invalid(errors={"organisation": [_("No such organisation.")]})
    return found


_FROM = {
    MeansRequest.Via.PREFECTURE: gettext_noop("the prefecture"),
    MeansRequest.Via.INTERVENTION: gettext_noop("our own crews"),
}


def _send(change: Change, request: MeansRequest) -> None:
    """Record and log it; an organisation's people are told. The prefecture's room hears of its own from the record."""
    change.tell(MeansRequested(request=request_row(request)))
    to = request.organisation.name if request.organisation else in_post(_FROM[MeansRequest.Via(request.via)])
    values = {"quantity": request.quantity, "what": request.what, "to": to}
    text = in_post(gettext_noop("Means asked for: %(quantity)s × %(what)s, from %(to)s"), **values)
    interventions = [request.intervention] if request.intervention else []
    write_line(
        change,
        text,
        kind=LineKind.REQUEST,
        refers_to=request.id,
        interventions=interventions,
        mentions=[request.function],
    )
    if request.organisation is not None:
        people = Person.objects.filter(organisation=request.organisation, is_active=True, kind=Person.Kind.HUMAN)
        body = f"{request.quantity} × {request.what}, {request.where}".rstrip(", ")
        subject = in_post(gettext_noop("%(title)s asks for means"), title=change.cell.title)
        tell(people, cell=change.cell, subject=subject, body=body, urgency="urgent", key=f"crisis.means:{request.id}")


def answer_request(
    *, cell_id: UUID, by: Person, request_id: UUID, state: str, answer: str = "", version: int | None = None
) -> MeansRequest:
    """Enter what became of it: granted, refused, withdrawn, in the answerer's words."""
    with acting("request", cell_id=cell_id, by=by) as change:
        request = MeansRequest.objects.select_related("organisation").filter(cell=change.cell, id=request_id).first()
        if request is None:
            raise NotFound
        if version is not None and request.version != version:
            raise Stale(current=request_row(request))
        choice(state, {*MeansRequest.State.values} - {MeansRequest.State.ASKED}, name="state")
        answer = words(answer, name="answer", needed=False)
        if request.state != MeansRequest.State.ASKED:
            raise WrongState(_("It was answered already."), status=request.state, allowed_from=["asked"])
        return settle(change, request, state, answer)


def settle(change: Change, request: MeansRequest, state: str, answer: str) -> MeansRequest:
    """Inside a change: what became of a request that waits; the prefecture's own answer comes this way too."""
    request.state, request.answer, request.answered_at = state, answer, change.now
    request.version += 1
    request.save(force_update=True)
    change.tell(MeansAnswered(request=request_row(request)))
    messages = {
        MeansRequest.State.GRANTED: gettext_noop("Means granted: %(what)s. %(answer)s"),
        MeansRequest.State.REFUSED: gettext_noop("Means refused: %(what)s. %(answer)s"),
        MeansRequest.State.WITHDRAWN: gettext_noop("Request withdrawn: %(what)s. %(answer)s"),
    }
    message = messages[MeansRequest.State(state)]
    act_line(change, LineKind.REQUEST, message, request, what=request.what, answer=request.answer)
    return request
