"""Time stamps from a real authority, checked by `openssl ts` and not only by us."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from crisis import services
from crisis.models import Cell, Stamp
from crisis.services import stamping
from incidents.services.attaching import path_of
from tests.crisis import authority, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """The authority's folder, while it answers and the post is told of it."""
    certificate = authority.make(tmp_path)
    with authority.serving(tmp_path) as url:
        settings.TSA_URL, settings.TSA_CA_FILE = url, str(certificate)
        yield tmp_path


@pytest.fixture
def cell() -> Cell:
    return world.opened()


def test_an_extract_is_stamped_and_openssl_agrees(root: Path, cell: Cell) -> None:
    taken = services.extract(cell_id=cell.id, by=cell.director)
    assert Stamp.objects.filter(cell=cell, token=None).count() == 2
    assert stamping.stamp_waiting() == 2
    stamp = Stamp.objects.get(sha256=taken.sha256)
    token = root / "token.tsr"
    token.write_bytes(bytes(stamp.token or b""))
    command = [
        "openssl",
        "ts",
        "-verify",
        "-data",
        str(path_of(taken.stored_as)),
        "-in",
        str(token),
        "-CAfile",
        str(root / "root.pem"),
    ]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verification: OK" in checked.stdout, checked.stderr
    command[4] = str(path_of(taken.pdf_stored_as))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert {entry["sha256"] for entry in world.told(cell, "stamped")} == {taken.sha256, taken.pdf_sha256}


def test_an_approved_report_is_stamped(root: Path, cell: Cell) -> None:
    report = services.draft_report(cell_id=cell.id, by=cell.director)
    approved = services.approve_report(cell_id=cell.id, by=cell.director, report_id=report.id)
    assert stamping.stamp_waiting() == 1
    assert Stamp.objects.get(cell=cell).sha256 == approved.sha256


@pytest.mark.parametrize("content", [b"", b"no answer of this kind", b"x" * 70_000])
def test_what_does_not_hold_is_not_kept_and_comes_back_later(root: Path, cell: Cell, content: bytes) -> None:
    (root / "broken").write_bytes(content)
    services.extract(cell_id=cell.id, by=cell.director)
    assert stamping.stamp_waiting() == 0
    waiting = Stamp.objects.filter(cell=cell, token=None)
    assert [stamp.attempts for stamp in waiting] == [1, 1]
    assert all(stamp.failure for stamp in waiting)
    (root / "broken").unlink()
    assert stamping.stamp_waiting() == 0, "its time has not come"
    waiting.update(retry_at=Now())
    assert stamping.stamp_waiting() == 2


def test_another_ones_answer_and_another_root_are_refused(
    root: Path, cell: Cell, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> None:
    services.extract(cell_id=cell.id, by=cell.director)
    assert stamping.stamp_waiting() == 2
    (root / "broken").write_bytes((root / "answer.tsr").read_bytes())  # replayed: right signature, wrong document
    with pytest.raises(stamping.Unstamped):
        stamping.ask(b"another document")
    (root / "broken").unlink()
    settings.TSA_CA_FILE = str(authority.make(tmp_path_factory.mktemp("other")))
    with pytest.raises(stamping.Unstamped):
        stamping.ask(b"a document")


def test_without_an_authority_nothing_waits(cell: Cell) -> None:
    services.extract(cell_id=cell.id, by=cell.director)
    assert not Stamp.objects.exists()
    assert stamping.stamp_waiting() == 0
