"""The thresholds as people set them: what is edited here is theirs from then on, whatever the file says."""

from django.utils.translation import gettext as _

from access.models import Person
from access.permissions import Permission as People
from access.selectors import access_of
from access.services import require_anywhere
from incidents.models import Category
from incidents.workflow import Priority
from journal.errors import Invalid
from journal.services import writing
from prefecture import events
from prefecture.models import Criterion
from prefecture.wire.kinds import Kind

SEEN_BY = ("post", "administration")


def save_criterion(*, criterion: Criterion, by: Person) -> Criterion:
    """Add or change a threshold; facts are held against it from then on. Raises NotAllowed, Invalid."""
    with writing(by) as record:
        require_anywhere(access_of(by), People.MANAGE_PEOPLE)
        wrong = faults(criterion)
        if wrong:
            raise Invalid(errors={name: [said] for name, said in wrong.items()})
        people = criterion.fact == Criterion.Fact.EVACUATED
        criterion.kind = Kind.SITUATION_REPORT if people else Kind.INCIDENT_REPORT
        criterion.edited = True
        criterion.save()
        record(
            events.CriterionChanged(key=criterion.key, label=criterion.label_fr, active=criterion.active),
            audiences=SEEN_BY,
        )
    return criterion


def faults(criterion: Criterion) -> dict[str, str]:
    """What is wrong with a threshold, by field."""
    wrong = {}
    unknown = set(criterion.categories) - set(
        Category.objects.filter(key__in=criterion.categories).values_list("key", flat=True)
    )
    if unknown:
        wrong["categories"] = _("Not a category: %(names)s.") % {"names": ", ".join(sorted(unknown))}
    if set(criterion.priorities) - set(Priority.values):
        wrong["priorities"] = _("Not one of the possible values.")
    asks = criterion.categories or criterion.priorities or criterion.words
    if criterion.fact == Criterion.Fact.INCIDENT and not asks:
        wrong["categories"] = _("Say at least a category, a priority or a word: or every incident would be drafted.")
    if criterion.fact != Criterion.Fact.INCIDENT and not criterion.over:
        wrong["over"] = _("Say how many metres, or people.")
    return wrong
