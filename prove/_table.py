"""Who may do what where, written by hand and apart from the code: the other side of `prove matrix`.

A route that is not here fails the proof. A room with many routes keeps them in a `_routes_<room>.py` beside this.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from prove._rules import (
    ADMIN,
    ADMIN_NOTHING,
    ADMIN_SHUT,
    ANYBODY,
    CELL,
    DESK,
    DESK_PAGE,
    FIELD,
    FOLLOWERS,
    GATEWAY,
    HUMANS,
    JUDGES,
    LEADERS,
    LIBRARY,
    LIBRARY_PAGE,
    NOWHERE,
    PAGE,
    READER,
    REPORTERS,
    SEES,
    SIGNED_IN,
    SUPERVISORS,
    THINGS,
    VIEWERS,
    Rule,
    holders,
    on_object,
)

INCIDENT = "api/v1/incidents/<uuid:incident_id>/"
ACTS: dict[str, frozenset[str]] = {
    "acknowledge": DESK | FIELD,
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
    "admin/autocomplete/": {"GET": ADMIN_SHUT, "*": LIBRARY},
    "admin/jsi18n/": {"GET": ADMIN, "*": LIBRARY},
    "admin/r/<path:content_type_id>/<path:object_id>/": {"GET": ADMIN_NOTHING, "*": LIBRARY},
    "admin/^(?P<app_label>access|prefecture|incidents|crisis|interventions)/$": {"GET": ADMIN, "*": LIBRARY},
    "admin/(?P<url>.*)$": {"*": LIBRARY},
}
_MODELS = (
    *("access/person", "access/organisation", "access/duty", "access/client", "access/apikey"),
    *("incidents/category", "incidents/policy", "incidents/procedure", "prefecture/criterion"),
    *("interventions/contract", "interventions/checklist", "interventions/vehicle", "interventions/delivery"),
    *("crisis/plan", "crisis/actioncard", "crisis/contact", "crisis/sensitivesite"),
)
for _model in _MODELS:
    for _rest in ("", "add/", *(f"<path:object_id>/{part}" for part in ("history/", "change/", ""))):
        ROUTES[f"admin/{_model}/{_rest}"] = {"GET": ADMIN, "POST": ADMIN, "*": LIBRARY}
    ROUTES[f"admin/{_model}/<path:object_id>/delete/"] = {"GET": ADMIN_SHUT, "POST": ADMIN_SHUT, "*": LIBRARY}
# Kept by a file, or by the house itself; given and ended, but never edited.
for _model in ("incidents/category", "interventions/delivery"):
    ROUTES[f"admin/{_model}/add/"] = {"GET": ADMIN_SHUT, "POST": ADMIN_SHUT, "*": LIBRARY}
for _model in (
    *("access/duty", "access/client", "access/apikey"),
    *("incidents/category", "interventions/delivery", "interventions/checklist"),
):
    ROUTES[f"admin/{_model}/<path:object_id>/change/"] = {"GET": ADMIN, "POST": ADMIN_SHUT, "*": LIBRARY}
# The rooms' own: every `_routes_<room>.py` beside this file.
for _file in sorted(Path(__file__).parent.glob("_routes_*.py")):
    ROUTES |= import_module(f"prove.{_file.stem}").ROUTES
# Not in the URLconf, answered all the same.
BESIDE = {"static/css/base.css": {"GET": ANYBODY}, "media/": {"*": NOWHERE}, "var/media/": {"*": NOWHERE}}
