"""Which duty carries which permission. Each room registers its own table; nothing is carried by default."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum

from access.roles import Role

_CARRIED: dict[Role, set[str]] = defaultdict(set)
_SCOPES: dict[str, set[str]] = defaultdict(set)


def register(carried_by: Mapping[StrEnum, Iterable[Role]], *, scopes: Mapping[str, Iterable[StrEnum]]) -> None:
    """Add a room's table: permission → roles; and for machine clients: OAuth scope → permissions."""
    for permission, roles in carried_by.items():
        for role in roles:
            _CARRIED[role].add(str(permission))
    for scope, permissions in scopes.items():
        _SCOPES[scope].update(map(str, permissions))


def carried(role: Role) -> frozenset[str]:
    return frozenset(_CARRIED.get(role, ()))


def scopes() -> dict[str, frozenset[str]]:
    return {name: frozenset(permissions) for name, permissions in _SCOPES.items()}


def permissions_of(scope_names: Iterable[str]) -> frozenset[str]:
    """The permissions that these scopes let through; an unknown scope lets nothing through."""
    return frozenset[str]().union(*(_SCOPES.get(name, set()) for name in scope_names))
