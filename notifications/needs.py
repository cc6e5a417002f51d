"""Who needs a rota. A higher room registers it in its `ready`; asked before a rota is ended, with the rota locked:

    @needs.on
    def policies_in_force(rota: Rota) -> list[str]: ...

Each answer is a sentence in the reader's language that names what needs the rota; none: it may end.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifications.models import Rota

Needs = Callable[["Rota"], list[str]]
_NEEDS: list[Needs] = []


def on(found: Needs) -> Needs:
    if found not in _NEEDS:
        _NEEDS.append(found)
    return found


def of(rota: "Rota") -> list[str]:
    return [sentence for found in _NEEDS for sentence in found(rota)]
