"""Direction, lent means, requests, closing."""

from uuid import UUID

import msgspec

from access.api.base import Call, View, endpoint
from crisis import rows, services
from crisis.api import bodies
from crisis.api import paper_bodies as papers
from crisis.api import serializers as shapes
from crisis.api.views import cell_answer
from crisis.permissions import Permission
from journal.api.answers import answer
from journal.idempotency import Answer


class OffersView(View):
    @endpoint(
        "Offer the direction of operations",
        right=Permission.DECIDE,
        body=papers.OfferBody,
        answer=rows.TransferRow,
        status=201,
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        words = msgspec.structs.asdict(call.body(papers.OfferBody))
        return answer(rows.transfer_row(services.offer_direction(cell_id=cell_id, by=call.by, **words)), status=201)


class OfferAnswerView(View):
    """By whoever is asked, who need not see the cell."""

    @endpoint(
        "Take the direction offered to me, or decline",
        right=Permission.TAKE_OVER,
        body=papers.OfferAnswerBody,
        answer=rows.TransferRow,
    )
    def post(self, call: Call, transfer_id: UUID) -> Answer:
        accept = call.body(papers.OfferAnswerBody).accept
        return answer(rows.transfer_row(services.answer_offer(transfer_id=transfer_id, by=call.by, accept=accept)))


class LoansView(View):
    @endpoint(
        "Enter means lent to the cell", right=Permission.DECIDE, body=papers.LendBody, answer=rows.LoanRow, status=201
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        words = msgspec.structs.asdict(call.body(papers.LendBody))
        return answer(rows.loan_row(services.lend(cell_id=cell_id, by=call.by, **words)), status=201)


class ReturnView(View):
    @endpoint(
        "Enter that lent means are back",
        right=Permission.DECIDE,
        body=papers.GiveBackBody,
        answer=rows.LoanRow,
        versioned=True,
    )
    def post(self, call: Call, cell_id: UUID, loan_id: UUID) -> Answer:
        version, note = call.version, call.body(papers.GiveBackBody).note
        loan = services.give_back(cell_id=cell_id, by=call.by, loan_id=loan_id, note=note, version=version)
        return answer(rows.loan_row(loan), ETag=f'"{loan.version}"')


class RequestsView(View):
    @endpoint("Ask for means", right=Permission.LOG, body=papers.WishBody, answer=rows.RequestRow, status=201)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        made = services.request_means(cell_id=cell_id, by=call.by, wish=call.body(papers.WishBody).wish())
        return answer(rows.request_row(made), status=201)


class RequestAnswerView(View):
    @endpoint(
        "Enter what became of a request",
        right=Permission.LOG,
        body=papers.WishAnswerBody,
        answer=rows.RequestRow,
        versioned=True,
    )
    def post(self, call: Call, cell_id: UUID, request_id: UUID) -> Answer:
        version, words = call.version, msgspec.structs.asdict(call.body(papers.WishAnswerBody))
        made = services.answer_request(cell_id=cell_id, by=call.by, request_id=request_id, version=version, **words)
        return answer(rows.request_row(made), ETag=f'"{made.version}"')


class CloseView(View):
    @endpoint("What stands against closing now", right=Permission.VIEW, answer=shapes.ConditionsShape)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        return answer(shapes.ConditionsShape(services.conditions(cell_id=cell_id, access=call.access)))

    @endpoint("Close it", right=Permission.CLOSE, body=bodies.ReasonBody, answer=rows.CellRow, versioned=True)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        version, reason = call.version, call.body(bodies.ReasonBody).reason
        return cell_answer(services.close(cell_id=cell_id, by=call.by, reason=reason, version=version))
