"""Published versions of policies and procedures. They never change, so each process keeps those it has seen."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

T = TypeVar("T")


class Shelf(Generic[T]):
    """The contents of one model's versions, by id."""

    def __init__(self, versions: Any, shape: type[T]) -> None:
        self.versions, self.shape = versions, shape
        self.known: dict[UUID, T] = {}

    def __getitem__(self, version: UUID) -> T:
        return self.all([version])[version]

    def all(self, ids: Iterable[UUID]) -> dict[UUID, T]:
        """The database is asked only for those that this process has never seen."""
        wanted = list(ids)
        missing = [one for one in wanted if one not in self.known]
        if missing:
            for key, content in self.versions.objects.filter(id__in=missing).values_list("id", "content"):
                self.known[key] = msgspec.convert(content, self.shape)
        return {one: self.known[one] for one in wanted if one in self.known}
