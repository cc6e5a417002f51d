"""Reading exercises, for those who lead or judge them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from access.selectors import Access
from crisis.exercise.models import Exercise, Inject
from crisis.exercise.permissions import Permission
from journal.errors import NotFound
from journal.exercise import is_exercise


def visible(access: Access) -> QuerySet[Exercise]:
    """Every exercise of this post, newest first; none in a real post, and none for players."""
    if not (is_exercise() and access.holds(Permission.SEE)):
        return Exercise.objects.none()
    return Exercise.objects.order_by("-opened_at")


def get(*, exercise_id: UUID, access: Access) -> Exercise:
    """Raises NotFound."""
    found = visible(access).filter(id=exercise_id).first()
    if found is None:
        raise NotFound
    return found


def injects(exercise: Exercise) -> list[Inject]:
    """In the order of the scenario."""
    return list(exercise.injects.order_by("at", "number"))


def audiences_of(ids: Collection[UUID]) -> Mapping[UUID, Collection[str]]:
    """For live.presence: one query."""
    return {one.id: one.audiences for one in Exercise.objects.filter(id__in=ids)}
