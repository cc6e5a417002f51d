"""What travels, apart from who sends it: every kind there and back, EMSI and CAP, and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from prefecture.wire import cap, emsi, envelope, titles
from prefecture.wire.capgeo import check_circle, check_polygon
from prefecture.wire.errors import InvalidMessage
from prefecture.wire.kinds import BODIES, BOTH_WAYS, FROM_POST, FROM_PREFECTURE, UNNUMBERED, Kind, body_of
from prefecture.wire.times import instant, stamp

NOW = datetime(2026, 11, 23, 12, 46, 30, 5, tzinfo=UTC)
AT = stamp(NOW)
EMSI: dict[str, Any] = {
    "CONTEXT": {
        "ID": "DM-2026-000012-3", "MODE": "ACTUAL", "MSGTYPE": "ALERT", "CREATION": AT, "ORIGIN": {"ORG_ID": "fr.dijon"},
    },
    "EVENT": {
        "ID": "DM-2026-000012", "ETYPE": {"CATEGORY": ["FLD"], "ACTOR": ["PPL/VLN/ELD"], "LOCTYPE": ["URB"]},
        "RISK_ASSESMENT": "NCREA", "EVAC": [{"DATIME": AT, "DISPLACED": 26, "EVACUATED": 64}],
        "CASUALTIES": [{"CONTEXT": "ESTIM", "DATIME": AT, "TRIAGEGREEN": 2}],
        "EGEO": [{"DATIME": AT, "POSITION": {"NAME": "Quai", "COORD": [{"LAT": 47.3, "LONG": 5.0}, {"LAT": 47.4, "LONG": 5.1}]}}],
    },
    "MISSION": [{"ID": "m1", "ORG_ID": "sdis", "STATUS": "IPR", "TYPE": "C2/POA", "RESOURCE_ID": ["r1", "r2"]}],
    "RESOURCE": [{"RTYPE": {"RCLASS": ["MAT/VEH"]}, "ID": "r1", "ORG_ID": "sdis", "QUANTITY": 2, "STATUS": "IN_USE/ON_SCENE"}],
}  # fmt: skip
SAMPLES: dict[Kind, dict[str, Any]] = {
    Kind.CRISIS_ACTIVATION: {"title": "Crue", "plan": "PICS", "level": "alert", "openedAt": AT, "director": "C. Morel"},
    Kind.LEVEL_CHANGE: {
        "title": "Crue", "levelBefore": "pre_alert", "level": "alert", "decidedAt": AT, "decidedBy": "C. Morel",
    },
    Kind.SITUATION_REPORT: {"number": 3, "title": "Crue", "text": "38 ha", "emsi": EMSI},
    Kind.INCIDENT_REPORT: {"reference": "DM-2026-000012", "title": "Feu", "emsi": EMSI},
    Kind.MEASURE_TAKEN: {"title": "a", "text": "b", "authority": "c", "takenAt": AT, "communes": ["21231"]},
    Kind.RESOURCE_REQUEST: {"title": "Pompes", "resources": [{"what": "motopompe", "quantity": 2, "place": "quai"}]},
    Kind.PUBLIC_ALERT_REQUEST: {"title": "a", "grounds": "b", "cap": "<alert/>"},
    Kind.CLOSURE: {"title": "Crue", "closedAt": AT, "decidedBy": "C. Morel", "summary": "fin"},
    Kind.COD_ACTIVATION: {"level": "2", "officer": "Sous-préfète", "activatedAt": AT, "phone": "03 80 00 00 00"},
    Kind.DIRECTION_TRANSFER: {"fromAuthority": "Maire", "toAuthority": "Préfet", "effectiveAt": AT},
    Kind.INSTRUCTION: {"number": "COD-12", "text": "a", "authority": "Préfet", "dueAt": AT},
    Kind.SITUATION_REQUEST: {"text": "Où en êtes-vous ?"},
    Kind.RESOURCE_RESPONSE: {"answers": str(uuid4()), "decision": "partly", "text": "une"},
    Kind.RELAYED_ALERT: {"cap": "<alert/>"},
    Kind.LINK_TEST: {},
    Kind.ACK: {"acknowledges": str(uuid4()), "step": "read", "at": AT, "by": "M. Roux"},
    Kind.ERROR: {"refers": str(uuid4()), "code": 704},
}  # fmt: skip


def composed(kind: Kind, **more: Any) -> envelope.Parcel:
    told: dict[str, Any] = {
        "distribution": uuid4(),
        "message": uuid4(),
        "sent": NOW,
        "expires": NOW + timedelta(hours=1),
    }
    parties = envelope.address(sender="fr.a", sender_name="A", recipient="fr.b", recipient_name="B")
    told |= {"exercise": False, "parties": parties, "sequence": None if kind in UNNUMBERED else 1, **more}
    return envelope.compose(kind=kind, body=body_of(kind, SAMPLES[kind]), **told)


def test_every_kind_has_a_schema_a_sample_a_direction_and_a_name() -> None:
    assert set(BODIES) == set(SAMPLES) == set(Kind) == set(titles.NAMES)
    assert set(Kind) == FROM_POST | FROM_PREFECTURE | BOTH_WAYS
    assert not FROM_POST & FROM_PREFECTURE


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_there_and_back_as_the_very_same_bytes(kind: Kind) -> None:
    parcel = composed(kind, crisis=uuid4())
    again = envelope.read(parcel.raw)
    assert again.envelope == parcel.envelope
    assert (again.kind, again.crisis, again.digest) == (kind, parcel.crisis, parcel.digest)
    assert again.sent_at == NOW.replace(microsecond=0)
    assert titles.title(kind, again.message.body)
    assert isinstance(titles.text(again.message.body), str)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_refuses_a_field_it_does_not_know(kind: Kind) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        body_of(kind, {**SAMPLES[kind], "more": 1})


def spoilt(change: Any) -> bytes:
    document = msgspec.json.decode(composed(Kind.INSTRUCTION).raw)
    message = document["content"][0]["jsonContent"]["embeddedJsonContent"]["message"]
    change(document, message)
    return msgspec.json.encode(document)


@pytest.mark.parametrize(
    "change",
    [
        lambda document, message: document.pop("dateTimeExpires"),
        lambda document, message: document.update(dateTimeSent="2026-11-23T12:46:30Z"),
        lambda document, message: document.update(dateTimeSent="2026-11-23T12:46:30.5+01:00"),
        lambda document, message: document.update(dateTimeSent="2026-02-30T12:46:30+01:00"),
        lambda document, message: document.update(dateTimeSent="0001-01-01T00:00:00+23:59"),
        lambda document, message: document.update(dateTimeExpires=document["dateTimeSent"]),
        lambda document, message: document.update(distributionStatus="Test"),
        lambda document, message: document.update(distributionKind="Ack"),
        lambda document, message: document.update(distributionKind="Update"),
        lambda document, message: document.update(content=[]),
        lambda document, message: document.update(content=document["content"] * 2),
        lambda document, message: document.update(more=1),
        lambda document, message: message.update(sequence=None),
        lambda document, message: message.update(sequence=0),
        lambda document, message: message.update(sequence=2**40),
        lambda document, message: message.update(supersedes=str(uuid4())),
        lambda document, message: message.update(kind="ack"),
        lambda document, message: message.update(recipient=[]),
        lambda document, message: message["body"].update(dueAt="demain"),
        lambda document, message: message["body"].update(dueAt="2026-11-23T25:00:00+01:00"),
        lambda document, message: message["body"].update(text=""),
        lambda document, message: message["body"].update(text="\x00"),
    ],
)
def test_a_spoilt_envelope_is_refused(change: Any) -> None:
    with pytest.raises(InvalidMessage):
        envelope.read(spoilt(change))


def test_an_update_names_what_it_supersedes() -> None:
    assert composed(Kind.INSTRUCTION, supersedes=uuid4()).envelope.distributionKind == "Update"
    assert composed(Kind.INSTRUCTION, supersedes=uuid4(), cancels=True).envelope.distributionKind == "Cancel"


@given(some.binary(max_size=400))
def test_no_bytes_make_anything_but_a_refusal(raw: bytes) -> None:
    for read in (envelope.read, cap.parse, emsi.from_xml):
        with pytest.raises(InvalidMessage):
            read(raw)


@given(some.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1), timezones=some.just(UTC)))  # noqa: DTZ001
def test_times_there_and_back(at: datetime) -> None:
    assert instant(stamp(at)) == at.replace(microsecond=0)
    assert "Z" not in stamp(at)
    assert "." not in stamp(at)


# EMSI -------------------------------------------------------------------------------------------------------------


def test_emsi_as_xml_there_and_back() -> None:
    document = msgspec.convert(EMSI, emsi.Emsi)
    raw = emsi.to_xml(document)
    assert emsi.from_xml(raw) == document
    assert b"<RISK_ASSESMENT>NCREA</RISK_ASSESMENT>" in raw
    assert raw.index(b"<CONTEXT>") < raw.index(b"<EVENT>") < raw.index(b"<MISSION>") < raw.index(b"<RESOURCE>")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("CONTEXT", "MODE"), "REAL"), (("CONTEXT", "MSGTYPE"), "CONVEY"), (("CONTEXT", "LEVEL"), "OPRTNL"),
        (("EVENT", "STATUS"), "INPROG"), (("EVENT", "RISK_ASSESMENT"), "INCREA"), (("EVENT", "SCALE"), 3),
        (("EVENT", "RISK_ASSESSMENT"), "NCREA"), (("EVENT", "ETYPE"), {"CATEGORY": ["FLD"]}), (("MISSION", 0, "STATUS"), "COMPLT"),
        (("MISSION", 0, "TYPE"), ["C2"]), (("RESOURCE", 0, "RTYPE"), {"CLASS": ["MAT"]}), (("RESOURCE", 0, "STATUS"), "BUSY"),
        (("EVENT", "EGEO", 0, "POSITION", "COORD", 0, "LON"), 5.0),
    ],
    ids=str,
)  # fmt: skip
def test_emsi_in_other_words_than_the_standards_is_refused(place: tuple[str | int, ...], value: Any) -> None:
    document: Any = msgspec.json.decode(msgspec.json.encode(EMSI))
    inner = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(document, emsi.Emsi)


def test_our_categories_have_codes_of_the_standard() -> None:
    listed = {"ASB", "ASR", "EXP", "FIR", "FLD", "GND", "HLT", "POL", "PSW", "TRP"}
    for category in ("hazard.fire", "hazard", "water.main_burst", "weather.snow", "other.question", "roads.accident"):
        found = emsi.type_of(category)
        assert {code.partition("/")[0] for code in found.CATEGORY} <= listed
    assert emsi.type_of("hazard.fire").CATEGORY == ["FIR"]
    assert emsi.type_of("hazardous").CATEGORY == ["PSW"]


@pytest.mark.parametrize(
    "raw",
    [b"<EMSI/>", b"<emsi/>", b"<EMSI><CONTEXT/><EVENT/></EMSI>", b'<!DOCTYPE x [<!ENTITY a "b">]><EMSI>&a;</EMSI>'],
)
def test_emsi_refused(raw: bytes) -> None:
    with pytest.raises(InvalidMessage):
        emsi.from_xml(raw)


# CAP --------------------------------------------------------------------------------------------------------------

ALERT = cap.Alert(
    identifier="cod.1", sender="cod@cote-dor.gouv.fr", sent=AT, status="Actual", msgType="Alert", scope="Public",
    code=["profil:fr"],
    info=[
        cap.Info(
            language="fr-FR", category=["Met", "Safety"], event="Crue", responseType=["Evacuate"], urgency="Immediate",
            severity="Severe", certainty="Observed", expires=stamp(NOW + timedelta(hours=3)), headline="Crue de l’Ouche",
            description="Éloignez-vous des berges.", parameter=[cap.Pair(valueName="niveau", value="")],
            resource=[cap.Resource(resourceDesc="Carte", mimeType="image/png", size=1000, uri="https://x.fr/c.png")],
            area=[
                cap.Area(
                    areaDesc="Dijon sud", polygon=["47.30,5.01 47.31,5.02 47.29,5.03 47.30,5.01"],
                    circle=["47.3,5.0 2.5"], geocode=[cap.Pair(valueName="INSEE", value="21231")],
                )
            ],
        )
    ],
)  # fmt: skip


def test_cap_there_and_back() -> None:
    raw = cap.emit(ALERT)
    assert cap.parse(raw) == ALERT
    assert raw.startswith(
        b"<?xml version='1.0' encoding='UTF-8'?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"
    )
    assert raw.index(b"<identifier>") < raw.index(b"<msgType>") < raw.index(b"<info>") < raw.index(b"<area>")


@pytest.mark.parametrize(
    ("kind", "more"), [("Update", {}), ("Cancel", {}), ("Ack", {}), ("Error", {"note": "illisible"})]
)
def test_cap_messages_about_others_refer_to_them(kind: Any, more: dict[str, Any]) -> None:
    with pytest.raises(InvalidMessage, match="refers"):
        cap.emit(msgspec.structs.replace(ALERT, msgType=kind, **more))
    named = f"cod@cote-dor.gouv.fr,cod.1,{AT} cod@cote-dor.gouv.fr,cod.0,{AT}"
    told = msgspec.structs.replace(ALERT, msgType=kind, references=named, **more)
    assert [one[1] for one in cap.references(cap.parse(cap.emit(told)))] == ["cod.1", "cod.0"]


@pytest.mark.parametrize(
    "change",
    [
        {"sent": "2026-11-23T12:46:30Z"}, {"sent": "2026-11-23T12:46:30"}, {"identifier": "a b"}, {"identifier": "a,b"},
        {"scope": "Restricted"}, {"scope": "Private"}, {"info": []}, {"msgType": "Error", "references": f"a,b,{AT}"},
        {"references": "a,b"}, {"references": "a,b,c"}, {"status": "Real"}, {"note": "\x01"},
    ],
    ids=str,
)  # fmt: skip
def test_cap_that_breaks_a_rule_neither_leaves_nor_enters(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidMessage):
        cap.emit(msgspec.structs.replace(ALERT, **change))


def test_cap_shapes() -> None:
    assert len(check_polygon("0,0 0,1 1,1 0,0")) == 4
    assert check_circle("47.3,5 2") == (47.3, 5.0, 2.0)
    for wrong in ("0,0 0,1 0,0", "0,0 0,1 1,1 1,0", "0,0 0,1 91,1 0,0", "0,0 0,1 1,181 0,0", "0,0 a,b c,d 0,0", ""):
        with pytest.raises(InvalidMessage):
            check_polygon(wrong)
    for wrong in ("47.3,5", "47.3,5 -1", "47.3,5 1 2", "95,5 1", "47.3,5 nan", "47.3,5 99999"):
        with pytest.raises(InvalidMessage):
            check_circle(wrong)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<scope>", b"<more>x</more><scope>"),
        (b"<scope>Public</scope>", b"<scope>Public</scope><scope>Public</scope>"),
        (b"<event>Crue</event>", b"<event><b>Crue</b></event>"),
        (b"<event>Crue</event>", b"<event> </event>"),
        (b"cap:1.2", b"cap:1.1"),
        (b"<size>1000</size>", b"<size>big</size>"),
        (b"<?xml version='1.0' encoding='UTF-8'?>", b"<?xml version='1.0' encoding='latin-9'?>"),
        (b"<?xml version='1.0' encoding='UTF-8'?>", b"<?xml version='1.0' encoding='ISO-8859-1'?>"),
        (b"<?xml version='1.0' encoding='UTF-8'?>", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'),
        (b"<alert ", b"<a>" * 40 + b"<alert "),
    ],
)
def test_cap_spoilt(old: bytes, new: bytes) -> None:
    raw = cap.emit(ALERT)
    assert old in raw
    with pytest.raises(InvalidMessage):
        cap.parse(raw.replace(old, new))


def test_a_document_too_large_is_not_looked_at() -> None:
    with pytest.raises(InvalidMessage, match="256 KiB"):
        cap.parse(b"<alert>" + b" " * 300_000)
