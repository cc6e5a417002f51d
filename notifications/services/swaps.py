"""Two people change shifts between themselves: one asks, the other answers, on screen or by replying to the message."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import Person
from access.selectors import access_of
from access.services import require
from journal.errors import Invalid, NotFound, WrongState
from journal.services import writing
from notifications import acks
from notifications.models import Message, Override, Rota, Swap, Urgency
from notifications.on_call import clock, plans
from notifications.permissions import Permission
from notifications.services.rotas import changed
from notifications.services.telling import notify
from notifications.shifts import PARIS

KIND = "notifications.swap"


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's time on call, from `start` until before `end`."""

    start: datetime
    end: datetime


def propose_swap(
    *, rota_id: UUID, asked_to: UUID, give: Shift, take: Shift | None = None, reason: str = "", by: Person
) -> Swap:
    """Ask somebody to take a shift of one's own, and offer to take one of theirs. Raises NotFound, NotAllowed,
    Invalid when the shifts are not theirs, or past."""
    with writing(by) as record:
        rota = _lock(rota_id)
        require(access_of(by), Permission.SEE_ROTAS, rota)
        other = Person.objects.filter(id=asked_to, is_active=True).exclude(id=by.id).first()
        if other is None:
            raise Invalid(errors={"asked_to": [_("Nobody of this id.")]})
        give = Shift(max(give.start, clock()), give.end)  # the past is not changed
        _check(rota, by, give, "starts_at")
        if take is not None:
            _check(rota, other, take, "back_from")
        swap = Swap.objects.create(
            rota=rota, asked_by=by, asked_to=other, starts_at=give.start, ends_at=give.end, reason=reason.strip()[:200],
            back_from=take.start if take else None, back_until=take.end if take else None,
        )  # fmt: skip
        record(changed(rota, "swap_proposed", [by.id, other.id], give.start, give.end), about=rota)
        _ask(swap)
    return swap


def answer_swap(*, swap_id: UUID, accept: bool, by: Person) -> Swap:
    """Say yes or no to a shift that one was asked to take. Yes makes it so. Raises NotFound for another's, WrongState
    when it was answered or withdrawn, Invalid when the shifts have changed hands meanwhile."""
    with writing(by) as record:
        swap = _locked(swap_id)
        if swap.asked_to_id != by.id:
            raise NotFound
        _settle(swap, Swap.State.ACCEPTED if accept else Swap.State.REFUSED)
        if accept:
            _carry_out(swap)
        what = "swap_accepted" if accept else "swap_refused"
        people = [swap.asked_by_id, by.id]
        record(changed(swap.rota, what, people, swap.starts_at, swap.ends_at), about=swap.rota)
        _answer(swap)
    return swap


def withdraw_swap(*, swap_id: UUID, by: Person) -> Swap:
    """Take one's own question back. Raises NotFound for another's, WrongState when it was answered."""
    with writing(by) as record:
        swap = _locked(swap_id)
        if swap.asked_by_id != by.id:
            raise NotFound
        _settle(swap, Swap.State.WITHDRAWN)
        people = [by.id, swap.asked_to_id]
        record(changed(swap.rota, "swap_withdrawn", people, swap.starts_at, swap.ends_at), about=swap.rota)
    return swap


def _lock(rota_id: UUID) -> Rota:
    rota = Rota.objects.select_for_update(of=("self",)).filter(id=rota_id).first()
    if rota is None:
        raise NotFound
    return rota


def _locked(swap_id: UUID) -> Swap:
    """The rota first, then the swap: in this order everywhere."""
    rota_id = Swap.objects.filter(id=swap_id).values_list("rota_id", flat=True).first()
    if rota_id is None:
        raise NotFound
    _lock(rota_id)
    return Swap.objects.select_related("rota", "asked_by", "asked_to").get(id=swap_id)


def _settle(swap: Swap, state: Swap.State) -> None:
    if swap.state != Swap.State.PROPOSED:
        raise WrongState(_("This was answered or withdrawn already."))
    swap.state = state
    Swap.objects.filter(id=swap.id).update(state=state, answered_at=Now())


def _carry_out(swap: Swap) -> None:
    _check(swap.rota, swap.asked_by, Shift(swap.starts_at, swap.ends_at), "starts_at")
    _instead(swap, swap.asked_to, swap.starts_at, swap.ends_at)
    if swap.back_from and swap.back_until:
        _check(swap.rota, swap.asked_to, Shift(swap.back_from, swap.back_until), "back_from")
        _instead(swap, swap.asked_by, swap.back_from, swap.back_until)


def _instead(swap: Swap, person: Person, start: datetime, end: datetime) -> None:
    Override.objects.create(
        rota=swap.rota,
        person=person,
        starts_at=start,
        ends_at=end,
        reason=swap.reason,
        swap=swap,
        made_by=swap.asked_by,
    )


def _check(rota: Rota, person: Person, shift: Shift, field: str) -> None:
    """This person is on call for all of it, and it is not over."""
    if shift.start >= shift.end or shift.end <= clock():
        raise Invalid(errors={field: [_("A shift ends after it starts, and is not over yet.")]})
    plan = plans([rota], since=shift.start, until=shift.end)[rota.id]
    if {span.person for span in plan.spans(shift.start, shift.end)} != {person.id}:
        raise Invalid(errors={field: [_("%(name)s is not on call for all of this time.") % {"name": person.name}]})


def words_of(start: datetime, end: datetime) -> str:
    """A shift for a message: 03/11 08:00 – 04/11 08:00."""
    return " – ".join(f"{edge.astimezone(PARIS):%d/%m %H:%M}" for edge in (start, end))


def _ask(swap: Swap) -> None:
    with override(swap.asked_to.language):
        values = {"name": swap.asked_by.name, "rota": swap.rota.name, "when": words_of(swap.starts_at, swap.ends_at)}
        subject = _("%(name)s asks you to take a shift") % values
        body = _("%(rota)s, %(when)s.") % values
        if swap.back_from and swap.back_until:
            body += " " + _("In return: %(when)s.") % {"when": words_of(swap.back_from, swap.back_until)}
        key = f"{KIND}:{swap.id}"
        notify(
            to=[swap.asked_to], subject=subject, body=body, urgency=Urgency.NORMAL, key=key, url="/on-call/", ack=True
        )


def _answer(swap: Swap) -> None:
    with override(swap.asked_by.language):
        values = {"name": swap.asked_to.name, "when": words_of(swap.starts_at, swap.ends_at)}
        accepted = swap.state == Swap.State.ACCEPTED
        subject = (_("%(name)s takes your shift") if accepted else _("%(name)s does not take your shift")) % values
        key = f"notifications.swap_answer:{swap.id}"
        notify(
            to=[swap.asked_by], subject=subject, body=values["when"], urgency=Urgency.NORMAL, key=key, url="/on-call/"
        )


@acks.on(KIND, says=lambda message: _("You take the shift that you are asked for."))
def accepted_by_reply(message: Message, by: Person) -> None:
    """Acknowledging the question is saying yes; when it was answered on screen already, nothing is left to do."""
    swap = Swap.objects.get(id=UUID(message.key.split(":", 1)[1]))
    if swap.state == Swap.State.PROPOSED:
        answer_swap(swap_id=swap.id, accept=True, by=by)
    elif swap.state != Swap.State.ACCEPTED:
        raise WrongState(_("This was answered or withdrawn already."))
