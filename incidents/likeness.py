"""Placeholder by the lead until the territory builder's file arrives: overwrite it."""

import msgspec


class Likeness(msgspec.Struct, frozen=True):
    score: float
    distance_m: float
    reasons: tuple[str, ...]


def likeness() -> Likeness:
    return Likeness(0.0, 0.0, ())
