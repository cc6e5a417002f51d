"""Who may use the crew's phone: its part of the table of `prove matrix`."""

from __future__ import annotations

from prove._routes_interventions import CREW
from prove._rules import ANYBODY, Rule, holders

ROUTES: dict[str, dict[str, Rule]] = {
    "api/v1/field/": {"GET": holders(CREW), "POST": holders(CREW)},
    "api/v1/field/photos/": {"POST": holders(CREW)},
    "api/v1/field/consent/": {"POST": holders(CREW)},
    "field/": {"GET": Rule(CREW, page=True)},
    "field/sw.js": {"GET": ANYBODY},
    "field/manifest.webmanifest": {"GET": ANYBODY},
}
