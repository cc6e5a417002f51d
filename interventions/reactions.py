"""What happens to interventions when something happens to their incident."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from incidents import events as incident_events
from interventions import events
from interventions.models import Delivery, Intervention, Webhook
from interventions.rows import RELATED, row_of
from interventions.services.acting import tell_withdrawal
from interventions.services.naming import put_names_on, take_names_off
from interventions.workflow import HELD
from journal.events import KINDS
from journal.reactions import on

if TYPE_CHECKING:
    from journal.services import Note, Record


def sight_follows(event: incident_events.IncidentEvent, note: "Note", record: "Record") -> None:
    """Whoever may see the incident may see its interventions, and nobody else of the post."""
    locked = Intervention.objects.select_for_update(of=("self",)).select_related(*RELATED).order_by("id")
    for one in locked.filter(incident_id=event.row.id):
        before = frozenset(one.audiences)
        one.audiences = one.compute_audiences()
        if before == frozenset(one.audiences):
            continue
        one.version += 1
        one.save(update_fields=["audiences", "version"])
        if one.status in HELD:
            _name_crew(one, restricted=event.row.sensitivity == "restricted")
        tell_withdrawal(one, before, record)
        record(events.SightChanged(row=row_of(one)), about=one)


def _name_crew(one: Intervention, *, restricted: bool) -> None:
    if restricted:
        put_names_on(one, by=None)
    else:
        take_names_off(one, by=None)


def tell_partners(event: events.InterventionEvent | events.Withdrawn, note: "Note", record: "Record") -> None:
    """A message in the outbox for every system of an organisation that sees it, in this very transaction."""
    owners = [name.partition(":")[2] for name in note.audiences if name.startswith("organisation:")]
    hooks = list(Webhook.objects.filter(organisation_id__in=owners, active=True)) if owners else []
    if not hooks or note.about is None:
        return
    said = {
        "type": event.kind,
        "timestamp": datetime.now(UTC),
        "data": {"id": note.about, **msgspec.to_builtins(event)},
    }
    body = msgspec.json.encode(said).decode()
    Delivery.objects.bulk_create(
        [Delivery(webhook=hook, kind=event.kind, about=note.about, body=body) for hook in hooks]
    )


for told in KINDS.values():
    if issubclass(told, events.InterventionEvent | events.Withdrawn):
        on(told)(tell_partners)
for kind in (incident_events.Restricted, incident_events.Unrestricted, incident_events.Moved):
    on(kind)(sight_follows)
