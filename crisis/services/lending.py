"""Means lent to a cell: in writing, agreed by name, and given back. Police power is never among them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import Organisation, Person
from crisis.events import GivenBack, Lent
from crisis.models import Loan
from crisis.rows import loan_row
from crisis.services.acting import acting, words
from crisis.services.logging import act_line
from crisis.workflow import LineKind
from journal.errors import Invalid, NotFound, Stale, WrongState


def lend(
    *,
    cell_id: UUID,
    by: Person,
    lender: UUID,
    what: str,
    agreed_by: str,
    quantity: int = 1,
    due_back: datetime | None = None,
) -> Loan:
    """Enter means that an organisation lends, and who agreed for it. Raises NotFound, NotAllowed, WrongState, Invalid."""
    with acting("lend", cell_id=cell_id, by=by) as change:
        organisation = Organisation.objects.filter(id=lender).first()
        if organisation is None:
            raise Invalid(errors={"lender": [_("No such organisation.")]})
        if quantity < 1:
            raise Invalid(errors={"quantity": [_("At least one.")]})
        if due_back is not None and due_back.tzinfo is None:
            raise Invalid(errors={"due_back": [_("Give the time with its zone.")]})
        told: dict[str, Any] = {"quantity": quantity, "due_back": due_back, "lent_at": change.now, "by": by}
        what, agreed_by = words(what, name="what", limit=200), words(agreed_by, name="agreed_by", limit=120)
        loan = Loan(cell=change.cell, lender=organisation, what=what, agreed_by=agreed_by, **told)
        loan.save(force_insert=True)
        change.tell(Lent(loan=loan_row(loan)))
        message = gettext_noop("Lent by %(lender)s: %(quantity)s × %(what)s. Agreed by %(agreed_by)s.")
        act_line(
            change, LineKind.DECISION, message, loan,
            lender=organisation.name, quantity=quantity, what=loan.what, agreed_by=loan.agreed_by,
        )  # fmt: skip
        return loan


def give_back(*, cell_id: UUID, by: Person, loan_id: UUID, note: str = "", version: int | None = None) -> Loan:
    """Enter that lent means are back with their lender; `note`: in which state."""
    with acting("lend", cell_id=cell_id, by=by) as change:
        loan = Loan.objects.select_related("lender").filter(cell=change.cell, id=loan_id).first()
        if loan is None:
            raise NotFound
        if version is not None and loan.version != version:
            raise Stale(current=loan_row(loan))
        if loan.returned_at is not None:
            raise WrongState(_("It was given back already."))
        loan.returned_at, loan.returned_note = change.now, words(note, name="note", needed=False, limit=200)
        loan.version += 1
        loan.save(force_update=True)
        change.tell(GivenBack(loan=loan_row(loan)))
        message = gettext_noop("Given back to %(lender)s: %(quantity)s × %(what)s. %(note)s")
        act_line(
            change, LineKind.DECISION, message, loan,
            lender=loan.lender.name, quantity=loan.quantity, what=loan.what, note=loan.returned_note,
        )  # fmt: skip
        return loan
