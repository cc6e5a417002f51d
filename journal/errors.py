"""The one family of errors that a person or a client may meet. Each becomes one RFC 9457 problem document."""

from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _  # put into the reader's language where it is sent


class Problem(Exception):
    """Something the caller can understand and act on.

    `type` is stable and documented; `detail` is a sentence for a person; `extra` holds members of the document.
    """

    type: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    title: ClassVar[str] = _("The request cannot be carried out")

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extra = extra


class NotSignedIn(Problem):
    type, status, title = "not-signed-in", 401, _("Sign in first")


class NotAllowed(Problem):
    type, status, title = "not-allowed", 403, _("Your duties do not allow this")


class NotFound(Problem):
    type, status, title = "not-found", 404, _("Nothing here that you may see")


class WrongState(Problem):
    type, status, title = "wrong-state", 409, _("Not possible in the present state")


class Conflict(Problem):
    type, status, title = "conflict", 409, _("This conflicts with something already recorded")


class Stale(Problem):
    """Somebody changed the object meanwhile; `extra["current"]` is what it is now."""

    type, status, title = "stale", 412, _("Changed by someone else meanwhile")


class Invalid(Problem):
    """`extra["errors"]` maps a field to its sentences."""

    type, status, title = "invalid", 422, _("Some values are not right")
