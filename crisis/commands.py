"""Fast entry: what somebody types into the log's one field, as an act. Pure text, no database.

    Hauteur 1,74 m                                   a line
    /message Mairie de Longvic : pont fermé          a message that came in
    /demande 2 motopompes quai Nicolas-Rolin         a request
    /action terrain Fermer la passerelle @14:30      an action for a function, due at 14:30 (or @+20: in 20 minutes)
    /décision Évacuer la résidence ; motif : cote 1,95 m ; écarté : mise à l'étage
    /corriger 39 Seule la voie basse est fermée      a correction
    /fiche flood-field                               an action card
    /point                                           draft the next situation report
    13:24 Berge sous 20 cm                           any of these, with its own time in front

English and French words are both understood; `@anticipation` in a line calls upon a function, `!` and `!!` in front
make it important or vital, `[B2]` at the end is the source's reliability and credibility.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from crisis.functions import Function
from crisis.workflow import Importance, LineKind
from journal.errors import Invalid
from territory.wording import fold


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """`act`: log, supersede, act, decide, inject, draft; `told`: what its service takes."""

    act: str
    told: dict[str, Any]


# What people call the functions, in both languages, folded; the first word that fits stands for it.
NAMES: dict[str, Function] = {
    "dos": Function.OPERATIONS_DIRECTOR, "direction": Function.OPERATIONS_DIRECTOR, "director": Function.OPERATIONS_DIRECTOR,
    "cos": Function.INCIDENT_COMMANDER, "secours": Function.INCIDENT_COMMANDER,
    "rac": Function.MUNICIPAL_ACTIONS_LEAD, "communes": Function.INTERMUNICIPAL_COORDINATOR,
    "coordination": Function.INTERMUNICIPAL_COORDINATOR, "secretariat": Function.LOGBOOK_SECRETARY,
    "secretary": Function.LOGBOOK_SECRETARY, "situation": Function.SITUATION_MAPPING, "carte": Function.SITUATION_MAPPING,
    "map": Function.SITUATION_MAPPING, "anticipation": Function.PLANNING, "planning": Function.PLANNING,
    "terrain": Function.FIELD_OPERATIONS, "field": Function.FIELD_OPERATIONS, "logistique": Function.LOGISTICS,
    "logistics": Function.LOGISTICS, "alerte": Function.POPULATION_ALERT, "population": Function.POPULATION_ALERT,
    "alert": Function.POPULATION_ALERT, "hebergement": Function.SHELTER_SUPPORT, "shelter": Function.SHELTER_SUPPORT,
    "etablissements": Function.SENSITIVE_SITES, "sites": Function.SENSITIVE_SITES,
    "communication": Function.COMMUNICATION, "com": Function.COMMUNICATION, "police": Function.MUNICIPAL_POLICE,
    "mobilites": Function.MOBILITY_TRANSIT, "mobilite": Function.MOBILITY_TRANSIT, "transit": Function.MOBILITY_TRANSIT,
    "reseaux": Function.NETWORKS_UTILITIES, "networks": Function.NETWORKS_UTILITIES, "juridique": Function.LEGAL_FINANCE,
    "finances": Function.LEGAL_FINANCE, "legal": Function.LEGAL_FINANCE, "prefecture": Function.PREFECTURE_LIAISON,
    "cod": Function.PREFECTURE_LIAISON,
}  # fmt: skip
NAMES |= {fold(function.value).replace(" ", "_"): function for function in Function}
_TIME_FIRST = re.compile(r"(\d{1,2})[:hH](\d{2})\s+")
_DUE = re.compile(r"\s*@(?:\+(\d{1,4})|(\d{1,2})[:hH](\d{2}))\s*\Z")
_SOURCE = re.compile(r"\s*\[([A-F])([1-6])\]\s*\Z")
_MENTION = re.compile(r"@([^\W\d][\w-]*)")
_PART = re.compile(
    r"\s*;\s*(motifs?|grounds|écartée?s?|ecartee?s?|rejected|autorité|autorite|authority)\s*:\s*", re.IGNORECASE
)
_PARTS = {"motif": "grounds", "motifs": "grounds", "grounds": "grounds", "rejected": "rejected", "autorite": "authority",
          "authority": "authority", "ecarte": "rejected", "ecartes": "rejected", "ecartee": "rejected", "ecartees": "rejected"}  # fmt: skip


def parse(text: str, *, now: datetime) -> Command:
    """Read what was typed. `now` in the reader's own zone: a time in front is the latest such time that has passed, a
    time due the next one to come. Raises Invalid with a sentence about what is missing."""
    told: dict[str, Any] = {}
    text = text.strip()
    found = _TIME_FIRST.match(text)
    if found:
        told["occurred_at"] = _at(now, found[1], found[2], ahead=False)
        text = text[found.end() :]
    if not text.startswith("/"):
        return _line(text, LineKind.INFORMATION, told)
    word, _space, rest = text[1:].partition(" ")
    reader = _WORDS.get(fold(word))
    if reader is None:
        raise _wrong(_("Known words: %(words)s.") % {"words": ", ".join(f"/{name}" for name in SHOWN)})
    return reader(rest.strip(), told, now)


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, errors={"text": [sentence]})


def _at(now: datetime, hours: str, minutes: str, *, ahead: bool) -> datetime:
    if int(hours) > 23 or int(minutes) > 59:
        raise _wrong(_("This is no time of day."))
    at = now.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
    if ahead:
        return at if at > now else at + timedelta(days=1)
    return at if at <= now else at - timedelta(days=1)


def _line(text: str, kind: str, told: dict[str, Any]) -> Command:
    source = _SOURCE.search(text)
    if source:
        told |= {"reliability": source[1], "credibility": int(source[2])}
        text = text[: source.start()]
    for marks, importance in (("!!", Importance.VITAL), ("!", Importance.IMPORTANT)):
        if text.startswith(marks):
            told["importance"], text = importance, text[len(marks) :].strip()
            break
    mentions = {NAMES[fold(name)] for name in _MENTION.findall(text) if fold(name) in NAMES}
    if not text:
        raise _wrong(_("Say it in a few words."))
    return Command(act="log", told={**told, "text": text, "kind": str(kind), "mentions": sorted(map(str, mentions))})


def _action(rest: str, told: dict[str, Any], now: datetime) -> Command:
    name, _space, text = rest.partition(" ")
    function = NAMES.get(fold(name.lstrip("@")).replace(" ", "_")) or NAMES.get(fold(name))
    if function is None:
        raise _wrong(_("Say whose action it is: /action terrain …"))
    due = _DUE.search(text)
    due_at = None
    if due:
        text = text[: due.start()]
        due_at = now + timedelta(minutes=int(due[1])) if due[1] else _at(now, due[2], due[3], ahead=True)
    if not text.strip():
        raise _wrong(_("Say it in a few words."))
    return Command(act="act", told={**told, "function": str(function), "text": text.strip(), "due_at": due_at})


def _decision(rest: str, told: dict[str, Any], now: datetime) -> Command:
    what, *parts = _PART.split(rest)
    given = {_PARTS[fold(name)]: words.strip() for name, words in zip(parts[::2], parts[1::2], strict=True)}
    if not what.strip() or not given.get("grounds"):
        raise _wrong(_("A decision needs its grounds: /décision … ; motif : …"))
    return Command(act="decide", told={**told, "what": what.strip(), **given})


def _correction(rest: str, told: dict[str, Any], now: datetime) -> Command:
    number, _space, text = rest.partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) < 9 and text.strip()):
        raise _wrong(_("Say which line and how it should read: /corriger 39 …"))
    line = _line(text.strip(), LineKind.INFORMATION, told)
    return Command(act="supersede", told={**line.told, "number": int(number)})


def _card(rest: str, told: dict[str, Any], now: datetime) -> Command:
    if not rest:
        raise _wrong(_("Say which card: /fiche flood-field"))
    card, *items = rest.split()
    return Command(act="inject", told={"card": card, "items": items or None})


def _report(rest: str, told: dict[str, Any], now: datetime) -> Command:
    return Command(act="draft", told={})


def _message(rest: str, told: dict[str, Any], now: datetime) -> Command:
    return _line(rest, LineKind.MESSAGE, told)


def _request(rest: str, told: dict[str, Any], now: datetime) -> Command:
    return _line(rest, LineKind.REQUEST, told)


Reader = Callable[[str, dict[str, Any], datetime], Command]
_WORDS: dict[str, Reader] = {
    "action": _action, "decision": _decision, "message": _message, "demande": _request, "request": _request,
    "corriger": _correction, "correct": _correction, "fiche": _card, "card": _card, "point": _report, "report": _report,
}  # fmt: skip
SHOWN = ("action", "décision", "message", "demande", "corriger", "fiche", "point")
