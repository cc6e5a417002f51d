"""The crisis room's pages, for `prove matrix`: the hall, a wall and the replay are for all who may see cells; a cell's own
page is for those named on it."""

from __future__ import annotations

from prove._routes_crisis import VIEW
from prove._rules import Rule

_OPEN = {"GET": Rule(VIEW, page=True)}
ROUTES: dict[str, dict[str, Rule]] = {
    "crisis/": _OPEN,
    "crisis/<uuid:cell_id>/": {"GET": Rule(VIEW, page=True, on=("cell",), sees=True)},
    "wall/<slug:name>/": _OPEN,
    "replay/": _OPEN,
}
