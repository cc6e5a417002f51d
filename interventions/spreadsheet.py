"""The figures and the interventions behind them as a workbook. No text is ever taken for a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from interventions.figures import Figures
from interventions.models import Intervention
from interventions.workflow import Status

MOST = 50_000  # interventions of the second kind of sheet


def workbook(groups: dict[str, tuple[str, list[tuple[str, Figures]]]], found: Iterable[Intervention]) -> bytes:
    """`groups`: for each sheet its title and its lines (label, figures). The last sheet lists the interventions."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        for title, lines in groups.values():
            _sheet(book, title, figure_heads(), (figure_cells(label, one) for label, one in lines), bold)
        _sheet(book, _("Interventions"), _heads(), (_cells(one) for one in found), bold)
    return out.getvalue()


def _sheet(book: Any, title: str, heads: Sequence[str], lines: Iterable[Sequence[Any]], bold: Any) -> None:
    sheet = book.add_worksheet(title[:31])
    stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, heads, bold)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(heads), 16)
    for row, cells in enumerate(lines, 1):
        for column, value in enumerate(cells):
            if isinstance(value, datetime):
                sheet.write_datetime(row, column, localtime(value).replace(tzinfo=None), stamp)
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                sheet.write_number(row, column, value)


def figure_heads() -> list[str]:
    return [
        _("Group"), _("Asked for"), _("Done"), _("Response p50 (min)"), _("Response p90 (min)"), _("Repair p50 (min)"),
        _("Repair p90 (min)"), _("On site in time"), _("First-time fix"), _("Time spent (min)"),
    ]  # fmt: skip


def figure_cells(label: str, one: Figures) -> list[Any]:
    return [
        label, one.asked, one.done, one.response_p50, one.response_p90, one.repair_p50, one.repair_p90,
        one.in_time_share, one.first_time_fix, one.minutes_spent,
    ]  # fmt: skip


def _heads() -> list[str]:
    return [
        _("Reference"), _("Title"), _("Status"), _("Priority"), _("Category"), _("Commune"), _("Organisation"), _("Crew"),
        _("Asked for"), _("On site by"), _("On site"), _("Done by"), _("Done"), _("Time spent (min)"), _("Outcome"),
    ]  # fmt: skip


def _cells(one: Intervention) -> list[Any]:
    return [
        one.reference, one.title, str(Status(one.status).label), one.priority, one.category.label, one.commune.name,
        one.organisation.name if one.organisation else "", one.crew.name if one.crew else "", one.created_at,
        one.response_due, one.arrived_at, one.repair_due, one.done_at, one.minutes_spent, one.outcome or one.reason,
    ]  # fmt: skip
