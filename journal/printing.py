"""PDF by typst: tagged (PDF/UA-1), its own fonts, data as JSON beside the page and never pasted into it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import typst
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

POST = "OnDijon"


def pdf(page: Path, content: dict[str, Any], *, at: datetime, **texts: str) -> bytes:
    """The PDF of the typst file `page` with this content (JSON in `sys.inputs.data`) and `texts` (each an input of its
    own, e.g. a map as SVG), dated `at`: the same content gives the same bytes.

    In an exercise every page bears its watermark, whoever prints it.
    """
    told = {"post": POST, "watermark": watermark(), **content}
    made = typst.compile(
        str(page),
        root=str(page.parent),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        timestamp=at.replace(microsecond=0),  # typst takes whole seconds
        sys_inputs={"data": msgspec.json.encode(told).decode(), **texts},
    )
    return bytes(made)


def watermark() -> str:
    with override(settings.LANGUAGE_CODE):
        return _("EXERCISE") if getattr(settings, "EXERCISE", False) else ""
