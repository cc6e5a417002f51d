"""PDF by typst: tagged (PDF/UA-1), fonts of its own, data as JSON beside the page and never pasted into it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import typst
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

PAGES = Path(__file__).parent / "print"
POST = "OnDijon"


def pdf(page: str, content: dict[str, Any], *, at: datetime, map_svg: str = "") -> bytes:
    """The PDF of `crisis/print/<page>.typ` with this content, dated `at`: the same content gives the same bytes.

    In an exercise every page bears its watermark, whoever prints it.
    """
    told = {"post": POST, "watermark": watermark(), **content}
    made = typst.compile(
        str(PAGES / f"{page}.typ"),
        root=str(PAGES),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        timestamp=at.replace(microsecond=0),
        sys_inputs={"data": msgspec.json.encode(told).decode(), "map": map_svg},
    )
    return bytes(made)


def watermark() -> str:
    with override(settings.LANGUAGE_CODE):
        return _("EXERCISE") if getattr(settings, "EXERCISE", False) else ""
