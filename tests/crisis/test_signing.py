"""The post's signature under an extract, proved by the standalone script with nothing but Python."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.checks import Tags, run_checks
from pytest_django.fixtures import Settings

from crisis import services
from crisis.models import Extract
from crisis.services.signing import public_key, signed
from incidents.services.attaching import path_of
from tests.crisis import world

PROVER = Path(__file__).parents[2] / "docs" / "prove_extract.py"


def prove(*args: "str | Path") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-S", str(PROVER), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def taken(db: None) -> Extract:
    cell = world.opened()
    services.log(cell_id=cell.id, by=cell.director, entry=services.Words(text="Pont fermé"))
    return services.extract(cell_id=cell.id, by=cell.director)


def test_it_is_signed_by_the_post_with_its_printed_log(taken: Extract, tmp_path: Path) -> None:
    path, pdf = path_of(taken.stored_as), path_of(taken.pdf_stored_as)
    proved = prove(path, "--key", public_key(), "--pdf", pdf)
    assert proved.returncode == 0, proved.stderr
    assert f"signed: {taken.cell.reference}" in proved.stdout
    other = tmp_path / "other.pdf"
    other.write_bytes(pdf.read_bytes() + b"x")
    assert "not the one" in prove(path, "--pdf", other).stderr
    assert "another key" in prove(path, "--key", "00" * 32).stderr


def test_what_is_changed_or_taken_off_proves_no_more(taken: Extract, tmp_path: Path) -> None:
    content = path_of(taken.stored_as).read_bytes()
    lines = content.splitlines(keepends=True)
    bare, twice, forged = (tmp_path / name for name in ("bare", "twice", "forged"))
    bare.write_bytes(b"".join(lines[:-1]))
    assert "not signed" in prove(bare).stdout
    assert prove(bare, "--key", public_key()).returncode == 1
    twice.write_bytes(content + lines[-1])
    assert prove(twice).returncode == 1
    forged.write_bytes(b"".join(lines[:-1]) + lines[-1].replace(b"taken_by", b"taken_bi"))
    assert "signature is not" in prove(forged).stderr


@pytest.mark.parametrize("turn", range(8))
def test_our_own_arithmetic_agrees_with_the_library(turn: int, settings: Settings, tmp_path: Path) -> None:
    settings.EXTRACT_KEY = base64.b64encode(bytes([turn] * 32)).decode()
    made = signed(b'{"ends_with": "x"}\n', ends_with="x", cell="C", taken_by="é", taken_at="t", pdf_sha256="")
    module: dict[str, object] = {"__name__": "prover"}
    exec(compile(PROVER.read_text(encoding="utf-8"), str(PROVER), "exec"), module)  # noqa: S102  our own script
    check = module["signed"]
    assert callable(check)
    assert check(made, public_key())["taken_by"] == "é"
    key = Ed25519PrivateKey.from_private_bytes(bytes([turn] * 32))
    verified = module["verified"]
    assert callable(verified)
    good = key.sign(b"message")
    raw = bytes.fromhex(public_key())
    assert verified(raw, b"message", good)
    assert not verified(raw, b"massage", good)
    assert not verified(raw, b"message", good[:-1] + bytes([good[-1] ^ 1]))
    assert not verified(raw[:-1], b"message", good)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", []),
        (base64.b64encode(bytes(32)).decode(), []),
        ("not a key", ["EXTRACT_KEY is not base64."]),
        ("clé", ["EXTRACT_KEY is not base64."]),
        (base64.b64encode(bytes(31)).decode(), ["EXTRACT_KEY holds 31 bytes, not 32."]),
    ],
)
def test_a_key_that_cannot_sign_is_refused_at_the_start(settings: Settings, key: str, said: list[str]) -> None:
    settings.EXTRACT_KEY = key
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    ours = [error for error in found if error.id == "crisis.E001"]
    assert [error.msg for error in ours] == said
    assert all("openssl rand -base64 32" in str(error.hint) for error in ours)
    if said:
        with pytest.raises(ValueError):
            public_key()
    else:
        assert len(public_key()) == 64
