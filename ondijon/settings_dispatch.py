"""Choosing crews: how travel times are known, and when a position is old. Part of the settings."""

import environ

env = environ.Env()

# Travel times are an estimation (great circle × detour, at one speed) unless a routing server answers in time (OSRM's
# table service, e.g. http://osrm.example:5000).
TRAVEL_DETOUR = env.float("TRAVEL_DETOUR", default=1.35)
TRAVEL_KMH = env.float("TRAVEL_KMH", default=25.0)
ROUTING_URL = env.str("ROUTING_URL", default="")
ROUTING_TIMEOUT_S = env.float("ROUTING_TIMEOUT_S", default=1.0)

# A position older than this is told apart; a crew on call takes so long to be on its way.
POSITION_STALE_MINUTES = env.int("POSITION_STALE_MINUTES", default=15)
RECALL_MINUTES = env.int("RECALL_MINUTES", default=30)
