"""The pages' forms. Services decide; these only read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, Person
from notifications.models import Channel, Contact, Layer, Rota, Urgency
from notifications.services import LayerDraft, Shift, Wishes
from notifications.services.contacts import OUTSIDE

PLACES = range(4)
WEEKDAYS = (
    (0, _("Mon")), (1, _("Tue")), (2, _("Wed")), (3, _("Thu")), (4, _("Fri")), (5, _("Sat")), (6, _("Sun")),
)  # fmt: skip
URGENCIES = (Urgency.VITAL, Urgency.URGENT, Urgency.NORMAL)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class InstantInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ContactForm(forms.Form):
    """One's own number and wishes: for each urgency up to four channels in their order."""

    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=TimeInput)
    quiet_until = forms.TimeField(label=_("until"), required=False, widget=TimeInput)
    cap = forms.IntegerField(label=_("At most so many messages in ten minutes"), min_value=1, max_value=60)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, contact: Contact) -> None:
        initial: dict[str, Any] = {
            name: getattr(contact, name) for name in ("phone", "quiet_from", "quiet_until", "cap", "version")
        }
        super().__init__(data, initial=initial)
        for urgency in URGENCIES:
            chosen: list[str] = getattr(contact, urgency)
            for place in PLACES:
                choices = [("", "—"), *((channel.value, channel.label) for channel in OUTSIDE)]
                first = chosen[place] if place < len(chosen) else ""
                self.fields[f"{urgency}_{place}"] = forms.ChoiceField(choices=choices, required=False, initial=first)

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """For each urgency its name and its four choices."""
        return [(str(urgency.label), [self[f"{urgency}_{place}"] for place in PLACES]) for urgency in URGENCIES]

    def wishes(self) -> Wishes:
        found = self.cleaned_data
        channels = {
            str(urgency): [one for place in PLACES if (one := found[f"{urgency}_{place}"])] for urgency in URGENCIES
        }
        return Wishes(
            phone=found["phone"], quiet_from=found["quiet_from"], quiet_until=found["quiet_until"], cap=found["cap"],
            vital=channels["vital"], urgent=channels["urgent"], normal=channels["normal"],
        )  # fmt: skip


def _people_field(people: Iterable[Person], label: Any) -> forms.TypedChoiceField:
    choices = [("", "—"), *((str(person.id), person.name) for person in people)]
    return forms.TypedChoiceField(choices=choices, coerce=UUID, label=label)


class RotaForm(forms.Form):
    """A new rota; who takes turns in it is said on its own page."""

    name = forms.CharField(label=_("Name"), max_length=120)
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"), label=_("Organisation"), empty_label="—"
    )


class RotaNameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)


class WhenForm(forms.Form):
    """An instant, on the wall's clock."""

    at = forms.DateTimeField(label=_("Who is on call at"), widget=InstantInput)


class OverrideForm(forms.Form):
    """Somebody instead, for a while."""

    rota = forms.TypedChoiceField(coerce=UUID, label=_("Rota"))
    starts_at = forms.DateTimeField(label=_("From"), widget=InstantInput)
    ends_at = forms.DateTimeField(label=_("until"), widget=InstantInput)
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)

    def __init__(self, data: Any, rotas: Iterable[Rota], people: Iterable[Person], at: datetime) -> None:
        super().__init__(data, initial={"starts_at": at})
        self.fields["rota"].choices = [(str(rota.id), rota.name) for rota in rotas]  # type: ignore[attr-defined]
        self.fields["person"] = _people_field(people, _("Person"))
        self.order_fields(["rota", "person", "starts_at", "ends_at", "reason"])


def read_shift(text: str) -> tuple[UUID, Shift]:
    """A rota and a shift as a choice carries them. Raises ValidationError."""
    try:
        return shift_of(text)
    except ValueError as error:
        raise forms.ValidationError(_("Choose a shift in the list.")) from error


def shift_of(text: str) -> tuple[UUID, Shift]:
    """A rota and a shift as a choice carries them. Raises ValueError."""
    rota, start, end = text.split("/")
    shift = Shift(datetime.fromisoformat(start), datetime.fromisoformat(end))
    if shift.start.tzinfo is None or shift.end.tzinfo is None:
        raise ValueError("without a zone")
    return UUID(rota), shift


class SwapForm(forms.Form):
    """One of my shifts, and to whom; perhaps one of theirs in return."""

    # No fixed choices: a running shift's beginning moves on with the clock, and the service looks at it anyway.
    give = forms.CharField(label=_("My shift"), widget=forms.Select)
    back = forms.CharField(label=_("In return, I take"), widget=forms.Select, required=False)
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)

    def __init__(
        self, data: Any, mine: list[tuple[str, str]], theirs: list[tuple[str, str]], people: Iterable[Person]
    ) -> None:
        super().__init__(data)
        self.fields["give"].widget.choices = mine
        self.fields["back"].widget.choices = [("", "—"), *theirs]
        self.fields["asked_to"] = _people_field(people, _("Ask"))
        self.order_fields(["give", "asked_to", "back", "reason"])

    def clean_give(self) -> tuple[UUID, Shift]:
        return read_shift(self.cleaned_data["give"])

    def clean_back(self) -> Shift | None:
        text = self.cleaned_data["back"]
        return read_shift(text)[1] if text else None


class LayerForm(forms.Form):
    """One layer: its people are logins, one on each line, in the order of their turns."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    place = forms.IntegerField(label=_("Rank (1 goes first)"), min_value=1, max_value=20)
    people = forms.CharField(
        label=_("People, in their order"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("one login on each line"),
    )
    starts_on = forms.DateField(
        label=_("Turns are counted from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    turn_days = forms.IntegerField(label=_("Days in a turn"), min_value=1, max_value=28)
    handover_at = forms.TimeField(label=_("Hand-over at"), widget=TimeInput)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on"), choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    hours_from = forms.TimeField(label=_("Only from"), required=False, widget=TimeInput)
    hours_until = forms.TimeField(label=_("until"), required=False, widget=TimeInput)

    def clean_people(self) -> list[UUID]:
        logins = [line.strip().lower() for line in self.cleaned_data["people"].splitlines() if line.strip()]
        known = dict(Person.objects.filter(login__in=logins, is_active=True).values_list("login", "id"))
        unknown = [login for login in logins if login not in known]
        if unknown:
            raise forms.ValidationError(_("Nobody has this login: %(logins)s.") % {"logins": ", ".join(unknown)})
        return [known[login] for login in logins]

    def draft(self) -> LayerDraft:
        return LayerDraft(**{name: value for name, value in self.cleaned_data.items() if name != "place"})


def layer_form(layer: Layer | None, number: int, data: Any = None) -> LayerForm:
    """The form of the layer at a place, empty for a new one."""
    if layer is None:
        initial: dict[str, Any] = {"turn_days": 7, "handover_at": "08:00"}
    else:
        names = ("name", "starts_on", "turn_days", "handover_at", "weekdays", "hours_from", "hours_until")
        initial = {name: getattr(layer, name) for name in names}
        initial["people"] = "\n".join(turn.person.login for turn in layer.turns.all())
    initial["place"] = number + 1
    return LayerForm(data, prefix=f"layer{number}", initial=initial)


CHANNEL_LABELS = {channel.value: channel.label for channel in Channel}
