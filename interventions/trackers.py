"""What trackers send, as fixes: OwnTracks (HTTP mode) and Traccar (position forwarding, and its clients' own protocol).

Sources: OwnTracks booklet, "JSON" and "HTTP"; Traccar documentation, "Forwarding" and "OsmAnd protocol".
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from incidents.api.bodies import Instant
from interventions.services.positioning import Fix
from journal.errors import Invalid

MILLISECONDS = 1e11  # a time above this is in milliseconds
TRACKER_LIMIT = 60


def owntracks(message: Any) -> Fix | None:
    """A `location` message; None for the other kinds, which say nothing of a place. The tracker is the topic's last
    part, or `tid`. Raises Invalid."""
    if not isinstance(message, dict) or not isinstance(message.get("_type"), str):
        raise Invalid(errors={"_type": [_("Not an OwnTracks message.")]})
    if message["_type"] != "location":
        return None
    topic = str(message.get("topic") or "").rpartition("/")[2]
    return _fix("owntracks", topic or message.get("tid"), message, ("lat", "lon", "tst", "acc"))


def traccar(message: Any) -> Fix:
    """A forwarded position, {"position": {...}, "device": {"uniqueId": ...}}, or the newer clients' own
    {"device_id": ..., "location": {"timestamp": ..., "coords": {...}}}. Raises Invalid."""
    if not isinstance(message, dict):
        raise Invalid(errors={"position": [_("Not a Traccar message.")]})
    location = message.get("location")
    if isinstance(location, dict) and isinstance(location.get("coords"), dict):
        told = {**location["coords"], "timestamp": location.get("timestamp")}
        return _fix("traccar", message.get("device_id"), told, ("latitude", "longitude", "timestamp", "accuracy"))
    position, device = message.get("position"), message.get("device")
    if not isinstance(position, dict) or not isinstance(device, dict):
        raise Invalid(errors={"position": [_("Not a Traccar message.")]})
    return _fix("traccar", device.get("uniqueId"), position, ("latitude", "longitude", "fixTime", "accuracy"))


def osmand(query: dict[str, str]) -> Fix:
    """The query string of Traccar's own clients: id (or deviceid), lat, lon, timestamp, accuracy. Raises Invalid."""
    return _fix("traccar", query.get("id") or query.get("deviceid"), query, ("lat", "lon", "timestamp", "accuracy"))


def _fix(source: str, tracker: Any, told: dict[str, Any], names: tuple[str, str, str, str]) -> Fix:
    lat, lon, at, accuracy = names
    if not isinstance(tracker, str | int) or not 0 < len(str(tracker)) <= TRACKER_LIMIT:
        raise Invalid(errors={"tracker": [_("No device is named.")]})
    return Fix(
        tracker=str(tracker),
        lat=_number(told, lat, 90),
        lon=_number(told, lon, 180),
        at=_instant(told.get(at), at),
        accuracy_m=_number(told, accuracy, 1e7) if told.get(accuracy) is not None else None,
        source=source,
    )


def _number(told: dict[str, Any], name: str, limit: float) -> float:
    try:
        found = float(told[name])
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(errors={name: [_("Not a number.")]}) from error
    if not -limit <= found <= limit:
        raise Invalid(errors={name: [_("Out of range.")]})
    return found


def _instant(told: Any, name: str) -> datetime:
    """Seconds or milliseconds since 1970, or ISO 8601 with zone."""
    try:
        seconds = float(told)
        return datetime.fromtimestamp(seconds / 1000 if seconds > MILLISECONDS else seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        pass
    try:
        return msgspec.convert(told, Instant)
    except msgspec.ValidationError as error:
        raise Invalid(errors={name: [_("Not a time.")]}) from error
