"""Who may do what where, written by hand and apart from the code: the other side of `prove matrix`.

Answers are told apart as: `in` (the door is open: carried out, or judged on its content), `401` (say who you are,
or the login page), `403`, `404`, `405`. A route that is not here fails the proof.
"""

from __future__ import annotations

from dataclasses import dataclass

# Callers: one person for each duty, and four more. Machines hold a bearer token and know no cookies.
OUTSIDER, ANONYMOUS, GATEWAY, READER = "outsider", "anonymous", "citizen_gateway", "reading_machine"
POST_WIDE = frozenset(
    [
        "call_taker",
        "video_operator",
        "municipal_police",
        "building_supervisor",
        "equipment_supervisor",
        "intervention_coordinator",
        "crisis_director",
        "auditor",
    ]
)
HUMANS = POST_WIDE | frozenset(
    [
        "crew_leader",
        "mobility_operator",
        "commune_officer",
        "crisis_member",
        "logbook_secretary",
        "prefecture_liaison",
        "administrator",
    ]
)
MACHINES = frozenset({GATEWAY, READER})
CALLERS = sorted(HUMANS | MACHINES | {OUTSIDER, ANONYMOUS})

# Objects, and who sees them. The crew leader works for the lighting contractor, the commune officer for Dijon; the
# light is in Dijon and the contractor's, the tram in Chenôve and the transit operator's; the secret names nobody.
SEES = {
    "light": POST_WIDE | {"crew_leader", "commune_officer", READER},
    "tram": POST_WIDE | {"mobility_operator", READER},
    "secret": frozenset({"municipal_police", "auditor"}),
}

OPERATORS = frozenset(["call_taker", "video_operator", "building_supervisor", "equipment_supervisor"])
LEADERS = frozenset(["intervention_coordinator", "municipal_police", "crisis_director"])
SUPERVISORS = frozenset(["building_supervisor", "equipment_supervisor"])
DESK = OPERATORS | LEADERS
FIELD = frozenset(["crew_leader", "mobility_operator"])
FOLLOWERS = frozenset({"commune_officer"})
CELL = frozenset(["crisis_member", "logbook_secretary"])
VIEWERS = (HUMANS - {"administrator"}) | {READER}
REPORTERS = DESK | FIELD | FOLLOWERS | {GATEWAY}
JUDGES = DESK | {"mobility_operator"}


@dataclass(frozen=True)
class Rule:
    """What each caller is to get; `on` names the kinds of object a route is tried with."""

    allowed: frozenset[str] = frozenset(CALLERS)
    refused: str = "403"
    stranger: str = "401"
    on: tuple[str, ...] = ("",)
    sees: bool = False
    page: bool = False
    loose: bool = False  # a library's page: anything but an error of ours or a leak
    inside: bool = False  # likewise, but only for those who are signed in

    def expected(self, caller: str, thing: str) -> str:
        """The answer class for a caller and an object; empty when anything goes."""
        if self.loose:
            return ""
        known = caller != ANONYMOUS and not (self.page and caller in MACHINES)
        if not known and ANONYMOUS not in self.allowed:
            return self.stranger
        if self.inside:
            return ""
        if (caller if known else ANONYMOUS) not in self.allowed:
            return self.refused
        return "404" if self.sees and caller not in SEES[thing] else "in"


THINGS = ("light", "tram", "secret")
ANYBODY = Rule()
SIGNED_IN = Rule(frozenset(CALLERS) - {ANONYMOUS})
LIBRARY = Rule(loose=True)
NOWHERE = Rule(frozenset(), refused="404", stranger="404")
PAGE = Rule(HUMANS | {OUTSIDER}, page=True)
LIBRARY_PAGE = Rule(HUMANS | {OUTSIDER}, page=True, inside=True)
DESK_PAGE = Rule(HUMANS - {"administrator"}, page=True)
ADMIN = Rule(frozenset({"administrator"}), refused="401", page=True)  # Django sends everybody else to its login


def holders(*groups: frozenset[str]) -> Rule:
    return Rule(frozenset().union(*groups))


def on_object(*groups: frozenset[str]) -> Rule:
    return Rule(frozenset().union(*groups), on=THINGS, sees=True)


INCIDENT = "api/v1/incidents/<uuid:incident_id>/"
ACTS: dict[str, frozenset[str]] = {
    "acknowledge": JUDGES,
    "qualify": JUDGES,
    "edit": JUDGES,
    "assign": LEADERS | SUPERVISORS,
    "start": LEADERS | SUPERVISORS | FIELD,
    "resolve": LEADERS | SUPERVISORS | FIELD,
    "close": LEADERS | SUPERVISORS | {"mobility_operator"},
    "cancel": LEADERS | {"call_taker"},
    "reopen": LEADERS | SUPERVISORS,
    "move": DESK,
    "merge": DESK,
    "unmerge": DESK,
    "restrict": frozenset({"municipal_police", "crisis_director"}),
    "unrestrict": frozenset({"municipal_police", "crisis_director"}),
    "people": frozenset({"municipal_police", "crisis_director"}),
    "watch": DESK | FIELD | FOLLOWERS | CELL | {"auditor"},
    "unwatch": DESK | FIELD | FOLLOWERS | CELL | {"auditor"},
    "comments": DESK | FIELD | FOLLOWERS | CELL,
    "reports": REPORTERS,
    "attachments": DESK | FIELD | FOLLOWERS,
}
PEOPLE_SEEN_BY = HUMANS - {"prefecture_liaison"}
FOLLOW = HUMANS | {READER}

ROUTES: dict[str, dict[str, Rule]] = {
    "health/live": {"GET": ANYBODY},
    "health/ready": {"GET": ANYBODY},
    "api/schema/": {"GET": ANYBODY},
    "api/docs/": {"GET": ANYBODY},
    "api/": {"*": NOWHERE},
    "api/<path:rest>": {"*": NOWHERE},
    "api/v1/me/": {"GET": SIGNED_IN},
    "api/v1/people/": {"GET": holders(PEOPLE_SEEN_BY)},
    "api/v1/organisations/": {"GET": holders(PEOPLE_SEEN_BY)},
    "api/v1/journal/": {"GET": holders(FOLLOW)},
    "api/v1/communes/": {"GET": SIGNED_IN},
    "api/v1/places/": {"GET": SIGNED_IN},
    "api/v1/categories/": {"GET": SIGNED_IN},
    "api/v1/incidents/": {"GET": holders(VIEWERS), "POST": holders(REPORTERS)},
    "api/v1/incidents/counts/": {"GET": holders(VIEWERS)},
    "api/v1/incidents/nearby/": {"GET": holders(VIEWERS)},
    "api/v1/incidents/export.csv": {"GET": holders(VIEWERS)},
    "api/v1/reports/": {"POST": holders(REPORTERS)},
    "api/v1/saved-filters/": {"GET": holders(VIEWERS), "POST": holders(VIEWERS)},
    INCIDENT: {"GET": on_object(VIEWERS)},
    **{f"{INCIDENT}{act}/": {"POST": on_object(who)} for act, who in ACTS.items()},
    "api/v1/attachments/<uuid:attachment_id>/": {"GET": on_object(VIEWERS)},
    "login/": {"GET": ANYBODY, "*": LIBRARY},
    "login/as/<slug:login>/": {"POST": NOWHERE, "*": LIBRARY},
    "oauth/token/": {"POST": LIBRARY, "GET": Rule(frozenset(), "405", "405"), "*": LIBRARY},
    "": {"GET": DESK_PAGE},
    "logout/": {"*": LIBRARY},
    "no-duty/": {"*": LIBRARY},
    "language/": {"*": LIBRARY},
    "account/": {"GET": PAGE, "*": LIBRARY_PAGE},
    "account/confirm/": {"*": LIBRARY_PAGE},
    "account/password/": {"*": LIBRARY_PAGE},
    "account/password/set/": {"*": LIBRARY_PAGE},
}
# Somebody's own filter: here the auditor's.
_OWN_FILTER = {method: Rule(VIEWERS, on=("filter",), sees=True) for method in ("GET", "PUT", "DELETE")}
SEES["filter"] = frozenset({"auditor"})
ROUTES["api/v1/saved-filters/<uuid:filter_id>/"] = _OWN_FILTER

# Open311: anybody reads what citizens may see; a key or a duty is needed to report.
_OPEN = "open311/v2/"
ROUTES |= {
    _OPEN: {"GET": NOWHERE},
    f"{_OPEN}discovery.<str:format>": {"GET": ANYBODY},
    f"{_OPEN}services.<str:format>": {"GET": ANYBODY},
    f"{_OPEN}services/<str:code>.<str:format>": {"GET": ANYBODY},
    f"{_OPEN}requests.<str:format>": {"GET": ANYBODY, "POST": Rule(frozenset({GATEWAY}), stranger="403")},
    f"{_OPEN}requests/<str:reference>.<str:format>": {"GET": Rule(frozenset(), "404", "404", on=THINGS)},
    f"{_OPEN}tokens/<str:token>.<str:format>": {"GET": NOWHERE},
    f"{_OPEN}<path:rest>": {"GET": NOWHERE},
}
# The login library's own pages.
for _page in (
    *("login/disabled/", "login/unknown/", "login/cancelled/", "login/error/", "login/oidc/<slug:provider_id>/"),
    "login/oidc/<slug:provider_id>/callback/",
    *("account/second-factor/authenticate/", "account/second-factor/webauthn/login/"),
):
    ROUTES[_page] = {"*": LIBRARY}
for _page in (
    *("", "reauthenticate/", "totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"),
    *("recovery-codes/download/", "webauthn/", "webauthn/add/", "webauthn/reauthenticate/"),
    *("webauthn/keys/<int:pk>/remove/", "webauthn/keys/<int:pk>/edit/"),
):
    ROUTES[f"account/second-factor/{_page}"] = {"*": LIBRARY_PAGE}
# Administration.
ROUTES |= {
    "admin/": {"GET": ADMIN, "*": LIBRARY},
    "admin/login/": {"*": LIBRARY},
    "admin/logout/": {"*": LIBRARY},
    "admin/password_change/": {"GET": ADMIN, "*": LIBRARY},
    "admin/password_change/done/": {"GET": ADMIN, "*": LIBRARY},
    "admin/autocomplete/": {"GET": ADMIN, "*": LIBRARY},
    "admin/jsi18n/": {"GET": ADMIN, "*": LIBRARY},
    "admin/r/<path:content_type_id>/<path:object_id>/": {"GET": ADMIN, "*": LIBRARY},
    "admin/^(?P<app_label>incidents|access)/$": {"GET": ADMIN, "*": LIBRARY},
    "admin/(?P<url>.*)$": {"*": LIBRARY},
}
_MODELS = (
    *("access/person", "access/organisation", "access/duty", "access/client", "access/apikey"),
    "incidents/category",
)
for _model in _MODELS:
    for _rest in ("", "add/", *(f"<path:object_id>/{part}" for part in ("history/", "delete/", "change/", ""))):
        ROUTES[f"admin/{_model}/{_rest}"] = {"GET": ADMIN, "POST": ADMIN, "*": LIBRARY}
# Not in the URLconf, answered all the same.
BESIDE = {"static/css/base.css": {"GET": ANYBODY}, "media/": {"*": NOWHERE}, "var/media/": {"*": NOWHERE}}
