"""Static files of production: names carry a hash of the content, imports inside our own modules included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Strict for our own files: a reference to a missing one stops `manage.py up`. Libraries mention files in their
    comments that they do not ship; those mentions stay as they are."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # one for each level of imports

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            if (Path(settings.BASE_DIR) / "static" / name.split("/")[0]).is_dir():
                raise
            return name
