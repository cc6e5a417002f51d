"""What may be wrong with a message, with the codes of the French emergency-services hub. Each is an RFC 9457 document."""

from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from journal.errors import Problem


class LinkProblem(Problem):
    """`code` also travels in the asynchronous Error message. `recorded` in the document says that the message was put
    into the ledger all the same (it took its number and will not be applied)."""

    code: ClassVar[int] = 300
    type, status, title = "link-invalid", 422, _("The message is not valid")

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail, **{"code": self.code, **extra})


class SenderInconsistent(LinkProblem):
    code = 200
    type, status, title = "link-sender-inconsistent", 403, _("The sender is not who the call says")


class InvalidMessage(LinkProblem):
    code = 300
    type, status, title = "link-invalid", 422, _("The message is not valid")


class Expired(LinkProblem):
    code = 400
    type, status, title = "link-expired", 422, _("The message has expired")


class AlreadyThere(LinkProblem):
    code = 701
    type, status, title = "link-exists", 409, _("Another message has this distributionID")


class WrongSequence(LinkProblem):
    """`expected` is the number that comes next."""

    code = 702
    type, status, title = "link-wrong-sequence", 409, _("The message is out of its order")


class UnknownSender(LinkProblem):
    code = 703
    type, status, title = "link-unknown-sender", 403, _("The sender is not known here")


class Insufficient(LinkProblem):
    code = 704
    type, status, title = "link-insufficient", 422, _("The message lacks what is needed to act on it")


class BadSignature(Problem):
    type, status, title = "link-signature", 401, _("The call is not signed as agreed")


CODES = {kind.code: kind for kind in (SenderInconsistent, InvalidMessage, Expired, AlreadyThere, WrongSequence)} | {
    kind.code: kind for kind in (UnknownSender, Insufficient)
}
