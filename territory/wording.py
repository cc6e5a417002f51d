"""How people write places: folding, abbreviations, house numbers. Pure functions, the twin of SQL `plain(text)`."""

import re
import unicodedata
from typing import NamedTuple

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"(\d{1,4})(bis|ter|quater|[a-z])?")
MAX_WORDS = 8


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for word lists that read well."""
    return frozenset(text.split())


# Common short forms on French street plates and in calls.
ABBREVIATIONS = {
    "all": "allee", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard",
    "boul": "boulevard", "che": "chemin", "ch": "chemin", "crs": "cours", "dr": "docteur", "fbg": "faubourg",
    "fg": "faubourg", "gal": "general", "gl": "general", "imp": "impasse", "mal": "marechal", "pl": "place",
    "pass": "passage", "prof": "professeur", "pt": "pont", "qu": "quai", "r": "rue", "rd": "rond", "res": "residence",
    "rte": "route", "sq": "square", "st": "saint", "ste": "sainte",
}  # fmt: skip
LINKS = word_set("a au aux d de des du en et l la le les lez sur")
# Words that half of all streets share say little about which one is meant.
GENERIC = word_set("allee avenue boulevard chemin cours faubourg impasse passage place quai residence rue route square")
# The communes' own words only say where: "mairie talant" looks for a town hall first.
LOCATORS = word_set(
    "ahuy apollinaire bressey breteniere chenove chevigny corcelles cote crimolois daix dijon fenay "
    "flavignerot fontaine hauteville longvic magny marsannay monts neuilly ouges perrigny plombieres quetigny "
    "saint sauveur sennecey talant tille"
)
COUNTED_AS_NUMBER = frozenset({"bis", "ter", "quater"})


def placed(address: str, commune: str) -> str:
    """An address with its commune, named once: citizens' addresses end with it already ("2 rue Verte, 21000 Dijon")."""
    named = re.split(r", |\d{5} ", address)[-1] == commune
    return address if named else ", ".join(filter(None, (address, commune)))


class Query(NamedTuple):
    """What somebody typed: the words to find with their weights, the house numbers that may be meant, and the first word."""

    words: dict[str, float]
    numbers: list[str]
    first: str


def fold(text: str) -> str:
    """Lower case, no accents, one space between runs of a–z and 0–9: "12, Rue de l'Échelle" → "12 rue de l echelle"."""
    lowered = text.lower().translate(_LIGATURES)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare).strip()


def read_query(text: str) -> Query:
    """Split what somebody typed into weighted words (at most MAX_WORDS) and possible house numbers ("12", "12bis")."""
    folded = fold(text).split()
    numbers = _house_numbers(folded)
    words: dict[str, float] = {}
    for raw in folded:
        word = ABBREVIATIONS.get(raw, raw)
        if word not in LINKS and word not in COUNTED_AS_NUMBER:
            words[word] = _weight(word)
    first = next(iter(words), "")
    return Query(dict(sorted(words.items(), key=lambda item: -item[1])[:MAX_WORDS]), numbers, first)


def word_tells(word: str) -> bool:
    """Whether a word says which place is meant, and not only what kind of place or where about."""
    return word not in GENERIC and word not in LOCATORS and not word.isdigit()


def _weight(word: str) -> float:
    if _NUMBER.fullmatch(word):
        return 0.5
    if word in GENERIC:
        return 1.0
    return 1.5 if word in LOCATORS or word.isdigit() else min(6.0, max(2.0, float(len(word))))


def _house_numbers(folded: list[str]) -> list[str]:
    numbers = []
    for n, word in enumerate(folded):
        following = folded[n + 1] if n + 1 < len(folded) else ""
        found = _NUMBER.fullmatch(word)
        if not found:
            continue
        suffix = found[2] or (following if following in COUNTED_AS_NUMBER else "")
        numbers.append(house_number(found[1], suffix))
    return numbers


def house_number(number: str, suffix: str) -> str:
    """The one spelling of a house number: "12", "12bis", "12b"."""
    return f"{number.lstrip('0') or '0'}{fold(suffix)}"


def of(name: str) -> str:
    """A name after "de" in French: "de Dijon", "d'Ahuy"."""
    return f"d'{name}" if fold(name)[:1] in "aeiouyh" else f"de {name}"
