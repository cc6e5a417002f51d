"""How likely two accounts tell of the same thing. Pure: no database; the wording of a reason alone asks for a language.

The score is nearness × what else they share:

    nearness  1 / (1 + (metres / 100)²)   50 m 0.80 · 100 m 0.50 · 200 m 0.20 · 500 m 0.04
    category  0.50   same 1 · one not said or "other" 0.6 · same top level 0.5 · else 0
    words     0.30   shared words / words of the shorter text (accents, plurals and little words do not count)
    time      0.20   1 / (1 + hours apart / 24)

Nearness multiplies because nothing else makes two things in two places the same one. When one of the two texts has no
words, the other weights share the words' part. Every part is symmetric, so the score is.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from territory.geometry import distance_m
from territory.wording import fold, word_set

HALF_METRES = 100.0
HALF_HOURS = 24.0
CATEGORY_WEIGHT, WORDS_WEIGHT, TIME_WEIGHT = 0.50, 0.30, 0.20
UNSAID = frozenset({"", "other"})

# Words that a report of anything may contain.
LITTLE_WORDS = word_set(
    "a ai ainsi alors apres au aucun aussi autre aux avant avec avoir bien bonjour bonsoir c ca car ce cela ces "
    "cet cette chez comme d dans de depuis des devant du elle elles en encore entre est et etait etre eu fait "
    "il ils j je jour jours l la le les leur leurs lui m ma mais me meme merci mes moi mon n ne nos notre nous "
    "on ont ou par pas peu plus pour pres qu quand que qui s sa sans se ses si signale signaler soit son sont "
    "sous sur t te tous tout toute toutes tres un une vers vos votre vous y "
    "am an and are as at be been by for from has have hello here in is it its my near no not of off on or our "
    "please so thanks that the their there they this to very was we were with you"
)


class Account(NamedTuple):
    """What is compared: a point in degrees, a category key ("" when not said), the words, an aware time."""

    lat: float
    lon: float
    category: str
    text: str
    at: datetime


class Reason(NamedTuple):
    """Why two accounts are alike, the `code` for programs; as text it is in the reader's language.

    Codes: `near` (metres), `same_category`, `same_branch`, `shared_words` (the words), `same_time` (minutes).
    """

    code: str
    value: str = ""

    def __str__(self) -> str:
        return _WORDING[self.code](self.value)


class Likeness(NamedTuple):
    """`score` 0 to 1, the distance in metres, and what spoke for it, strongest first."""

    score: float
    distance_m: float
    reasons: tuple[Reason, ...]


_WORDING: dict[str, Callable[[str], str]] = {
    "near": lambda value: _("%(metres)s m away") % {"metres": value},
    "same_category": lambda _value: _("same category"),
    "same_branch": lambda _value: _("related category"),
    "shared_words": lambda value: _("same words: %(words)s") % {"words": value},
    "same_time": lambda value: _("%(minutes)s min apart") % {"minutes": value},
}


def likeness(one: Account, other: Account) -> Likeness:
    """Compare two accounts. Symmetric; never rises with the distance; 1 for the same place, category, words and time."""
    metres = distance_m((one.lat, one.lon), (other.lat, other.lon))
    hours = abs((one.at - other.at).total_seconds()) / 3600
    words_one, words_other = telling_words(one.text), telling_words(other.text)
    shared = words_one & words_other
    parts = [(CATEGORY_WEIGHT, category_likeness(one.category, other.category)), (TIME_WEIGHT, time_likeness(hours))]
    if words_one and words_other:
        parts.append((WORDS_WEIGHT, len(shared) / min(len(words_one), len(words_other))))
    agreement = sum(weight * part for weight, part in parts) / sum(weight for weight, part in parts)
    score = min(1.0, nearness(metres) * agreement)
    return Likeness(round(score, 6), round(metres, 1), _reasons(one, other, metres, hours, shared))


def nearness(metres: float) -> float:
    """1 at the same point, 0.5 at HALF_METRES, towards 0 far away."""
    return 1 / (1 + (metres / HALF_METRES) ** 2)


def time_likeness(hours: float) -> float:
    """1 at the same time, 0.5 at HALF_HOURS apart, towards 0."""
    return 1 / (1 + hours / HALF_HOURS)


def category_likeness(one: str, other: str) -> float:
    """Keys are dotted, top level first; "other" and nothing at all agree a little with everything."""
    if one == other and one:
        return 1.0
    branches = {one.partition(".")[0], other.partition(".")[0]}
    if branches & UNSAID:
        return 0.6
    return 0.5 if len(branches) == 1 else 0.0


def telling_words(text: str) -> frozenset[str]:
    """The words of a text that say something: folded, singular, no little words, no single letters."""
    words = (word for word in fold(text).split() if word not in LITTLE_WORDS)
    return frozenset(_singular(word) for word in words if len(word) > 1)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _reasons(one: Account, other: Account, metres: float, hours: float, shared: frozenset[str]) -> tuple[Reason, ...]:
    reasons = []
    if metres <= 2 * HALF_METRES:
        reasons.append(Reason("near", str(round(metres))))
    same = category_likeness(one.category, other.category)
    if same in (0.5, 1.0):
        reasons.append(Reason("same_category" if same == 1.0 else "same_branch"))
    if shared:
        reasons.append(Reason("shared_words", ", ".join(sorted(shared)[:5])))
    if hours <= 2:
        reasons.append(Reason("same_time", str(round(hours * 60))))
    return tuple(reasons)
