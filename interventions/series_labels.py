"""The words of planned work that comes back, for the board's scripts."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SERIES: dict[str, Any] = {
    "series.every": _("Comes back"),
    "series.once": _("only once"),
    "series.1": _("every day"),
    "series.7": _("every week"),
    "series.14": _("every two weeks"),
    "series.28": _("every four weeks"),
    "series.91": _("every quarter"),
    "series.364": _("every year"),
    "series.days": _("every {n} days"),
    "series.organisation": _("Whose work it usually is"),
    "series.until": _("Until (included; empty: without end)"),
    "series.started": _("“{title}” comes back: made fourteen days ahead"),
    "series.running": _("Work that comes back · {n}"),
    "series.end": _("End it"),
    "series.why": _("Why it ends"),
    "series.ended": _("“{title}” does not come back any more"),
}
