"""The one way to change an incident: lock, check rights again, check version and state; then write and record."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access, access_of
from access.services import require
from incidents import workflow
from incidents.events import IncidentEvent, Withdrawn
from incidents.models import Incident, Report
from incidents.rows import row_of
from incidents.wording import search_text
from journal.errors import Invalid, NotFound, Stale
from journal.services import Record, writing
from journal.statements import prepared
from territory.wording import fold

REASON_LIMIT = 500
SHORTEST_NAME = 3  # letters; a shorter one (An, Le) cannot be told from a word


@dataclass(slots=True)
class Change:
    """An incident under lock, and the means to finish: `done` saves and records it."""

    incident: Incident
    access: Access
    move: workflow.Move
    writer: Record
    audiences_before: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.audiences_before = frozenset(self.incident.audiences)

    def done(self, event: type[IncidentEvent], **specifics: Any) -> Incident:
        """Apply the move's target, save under a new version, and record; those who lose sight of it are told."""
        incident = self.incident
        workflow.apply(incident, self.move)
        incident.audiences = incident.compute_audiences()
        incident.search = search_text(incident)
        incident.version += 1
        incident.save(force_update=True)
        lost = self.audiences_before.difference(incident.audiences)
        if lost:
            self.writer(Withdrawn(), about=incident, audiences=lost, withdraws=lost)
        self.writer(event(row=row_of(incident), **specifics), about=incident)
        return incident


@contextmanager
def acting(act: str, *, incident_id: UUID, by: Person, version: int | None = None) -> Iterator[Change]:
    """Begin `act` on an incident. Raises NotFound, NotAllowed, Stale, WrongState, in that order."""
    with writing(by) as record:
        incident = lock(incident_id)
        access = access_of(by)  # read after the wait for the lock: a right lost meanwhile is lost
        require(access, workflow.MOVES[act].permission, incident)
        if version is not None and incident.version != version:
            raise Stale(current=row_of(incident))
        yield Change(incident, access, workflow.check(incident, act), record)


def lock(incident_id: UUID) -> Incident:
    """The incident, locked until the transaction ends; ask `require` next. Raises NotFound when there is none."""
    locked = Incident.objects.select_for_update(of=("self",))
    incident = locked.select_related("category", "organisation", "assignee").filter(id=incident_id).first()
    if incident is None:
        raise NotFound
    return incident


def words(incident: Incident, text: str, *, name: str, needed: bool = True, limit: int = REASON_LIMIT) -> str:
    """Check a sentence that will stand in the record for good. Raises Invalid when missing, too long, or when it names
    a reporter: what they told us about themselves must stay erasable."""
    text = text.strip()
    if needed and not text:
        raise Invalid(errors={name: [_("Say why in a few words.")]})
    if len(text) > limit:
        raise Invalid(errors={name: [_("Too long: at most %(limit)d characters.") % {"limit": limit}]})
    if text:
        names = Report.objects.filter(incident=incident).values_list(
            "reporter_name", "reporter_phone", "reporter_email"
        )
        refuse_personal(text, [part for row in names for part in row], name=name)
    return text


def refuse_personal(text: str, personal: list[str], *, name: str) -> None:
    """Raise Invalid when `text` repeats one of these personal details, as whole words. In an address a single word
    does not count: streets bear people's names."""
    digits = "".join(filter(str.isdigit, text))
    for part in filter(None, map(str.strip, personal)):
        number = "".join(filter(str.isdigit, part))
        said = len(number) >= 6 and number in digits
        if said or ((name != "address" or len(part.split()) > 1 or "@" in part) and _says(text, part)):
            raise Invalid(errors={name: [_("The record never names a reporter: take their details out.")]})


def _says(text: str, part: str) -> bool:
    folded = fold(part)
    if not folded:  # written in another alphabet
        return part.casefold() in text.casefold()
    return len(folded) >= SHORTEST_NAME and f" {folded} " in f" {fold(text)} "


def clock() -> datetime:
    """The database's clock, which alone decides when something happened."""
    (now,) = prepared("select statement_timestamp()").fetchone() or (None,)
    return cast("datetime", now).astimezone(UTC)  # what is reckoned from it is elapsed time, not the wall's
