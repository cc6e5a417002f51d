"""Photos and files: what is taken, what is taken out, and who gets them back."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from access.models import Person
from access.roles import Role
from incidents import services
from incidents.models import Attachment, Incident
from incidents.services import attaching
from journal.errors import Invalid
from journal.models import Entry
from tests import cast
from tests.incidents.api.calling import Api, problem

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def operator() -> Any:
    return cast.person(Role.VIDEO_OPERATOR)


def picture(format_: str = "JPEG", size: tuple[int, int] = (40, 20), **save: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, format_, **save)
    return out.getvalue()


def with_position() -> bytes:
    """A photo taken sideways by a phone that knows where it is."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=b"a secret comment")


def upload(
    by: Person, on: Incident, content: bytes, name: str = "photo.jpg", key: Any = None, field: str = "file"
) -> Any:
    sent = {field: SimpleUploadedFile(name, content)}
    headers = {"Idempotency-Key": str(key or uuid4())}
    return Api(by).client.post(f"/api/v1/incidents/{on.id}/attachments/", sent, headers=headers)


def stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_photo_comes_back_upright_without_what_the_camera_hid(operator: Any) -> None:
    on = cast.incident(by=operator)
    made = upload(operator, on, with_position(), "../../Été 7.PNG")
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["name"], told["media_type"]) == ("Été 7.jpg", "image/jpeg")
    response = Api(operator).client.get(told["url"])
    content = body(response)
    assert len(content) == told["size"]
    with Image.open(BytesIO(content)) as clean:
        assert clean.size == (20, 40)
        assert not clean.getexif()
        assert "comment" not in clean.info
    assert b"Secret" not in content
    assert b"secret" not in content
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Disposition"].startswith("inline")
    assert "sandbox" in response["Content-Security-Policy"]
    again = Api(operator).client.get(told["url"], headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert Entry.objects.filter(about=on.id).last().kind == "incidents.attached"  # type: ignore[union-attr]
    assert told["name"] not in str(stored()[0])


@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
def test_other_pictures(operator: Any, format_: str) -> None:
    made = upload(operator, cast.incident(by=operator), picture(format_))
    assert made.json()["media_type"] == f"image/{format_.lower()}"


def test_a_pdf_is_only_ever_downloaded(operator: Any) -> None:
    made = upload(operator, cast.incident(by=operator), PDF, "plan.pdf").json()
    response = Api(operator).client.get(made["url"])
    assert body(response) == PDF
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 40,
        b"PK\x03\x04" + b"\0" * 40,
        b"\xff\xd8\xff\xe0" + b"not really a picture" * 9,
        picture()[:-60],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    ],
    ids=["empty", "html", "svg", "gif", "zip", "false jpeg", "cut jpeg", "false png"],
)
def test_other_bytes_are_refused_whatever_their_name(operator: Any, content: bytes) -> None:
    on = cast.incident(by=operator)
    response = upload(operator, on, content)
    assert problem(response, 422, "invalid")["errors"]["file"]
    assert stored() == []
    assert not Attachment.objects.exists()


def test_caps(operator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    on = cast.incident(by=operator)
    monkeypatch.setattr(attaching, "CAP_PIXELS", 100)
    assert "pixels" in str(problem(upload(operator, on, picture()), 422, "invalid")["errors"])
    with pytest.raises(Invalid):
        services.attach(incident_id=on.id, by=operator, name="x", content=PDF + b" " * attaching.CAP_BYTES)
    problem(upload(operator, on, b"x" * (attaching.CAP_BYTES + 100_000)), 413, "too-large")
    assert stored() == []


def test_the_same_key_makes_one_file(operator: Any) -> None:
    on, key = cast.incident(by=operator), uuid4()
    first, again = (upload(operator, on, picture(), key=key) for _ in range(2))
    assert first.json() == again.json()
    assert len(stored()) == Attachment.objects.count() == 1
    problem(upload(operator, on, PDF, key=key), 409, "conflict")
    assert len(stored()) == 1


def test_nothing_stays_on_the_disk_when_it_is_refused() -> None:
    on = cast.incident()
    auditor, officer = cast.person(Role.AUDITOR), cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,))
    problem(upload(auditor, on, PDF), 403, "not-allowed")
    problem(upload(officer, on, PDF), 404, "not-found")
    with pytest.raises(Exception, match="Nothing here"):
        services.attach(incident_id=on.id, by=officer, name="x.pdf", content=PDF)
    assert stored() == []


def test_a_file_is_seen_by_those_who_see_its_incident_only(operator: Any) -> None:
    on = cast.incident(by=operator)
    url = upload(operator, on, PDF).json()["url"]
    officer = cast.person(Role.COMMUNE_OFFICER, communes=(cast.CHENOVE,))
    problem(Api(officer).client.get(url), 404, "not-found")
    problem(Client().get(url), 401, "not-signed-in")
    problem(Api(operator).get(f"/attachments/{uuid4()}/"), 404, "not-found")
    services.restrict(incident_id=on.id, by=cast.person(Role.CRISIS_DIRECTOR), reason="enquête")
    problem(Api(operator).client.get(url), 404, "not-found")


def test_what_a_killed_process_left_is_swept_away_after_a_day(operator: Any) -> None:
    upload(operator, cast.incident(by=operator), PDF)
    left, new = (attaching.path_of(attaching.keep(name="x", content=PDF).stored_as) for _ in range(2))
    for path in stored():
        if path != new:
            os.utime(path, (0, 0))
    assert attaching.sweep() == 1
    assert len(stored()) == 2
    assert new.exists()
    assert not left.exists()


def test_a_lost_file_is_said_to_be_missing(operator: Any) -> None:
    url = upload(operator, cast.incident(by=operator), PDF).json()["url"]
    stored()[0].unlink()
    problem(Api(operator).client.get(url), 404, "not-found")


def test_the_form_must_hold_one_file(operator: Any) -> None:
    on = cast.incident(by=operator)
    problem(upload(operator, on, PDF, field="photo"), 400, "malformed")
    problem(Api(operator).post(f"/incidents/{on.id}/attachments/", {}), 415, "unsupported-media-type")
    broken = Api(operator).send("POST", f"/incidents/{on.id}/attachments/", b"x", media="multipart/form-data")
    problem(broken, 400, "malformed")
