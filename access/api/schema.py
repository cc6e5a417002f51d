"""OpenAPI 3.1 from what the handlers declare: msgspec's JSON Schema of their shapes, put together by drf-spectacular."""

from typing import TYPE_CHECKING, Any, cast

import msgspec
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry
from drf_spectacular.plumbing import ResolvedComponent as Component

if TYPE_CHECKING:
    from access.api.base import Endpoint

_component = cast("Any", Component)  # the library has no types here
COMPONENT = "#/components/schemas/{name}"
PROBLEMS = {
    "400": "The request cannot be read",
    "401": "Sign in first",
    "403": "Not allowed",
    "404": "Nothing here that you may see",
    "409": "Conflict, or not possible in the present state",
    "412": "Changed by someone else meanwhile; `current` is what it is now",
    "413": "Too large",
    "415": "This kind of content is not taken here",
    "422": "Some values are not right; `errors` by field",
    "428": "Idempotency-Key or If-Match is missing",
    "503": "The database does not answer",
}


class ProblemDocument(msgspec.Struct):
    """RFC 9457. Further members depend on the type: `errors`, `current`, `permission`, `allowed_from`."""

    type: str
    title: str
    status: int
    detail: str


class OperationSchema(AutoSchema):
    """One operation, wholly from its `Endpoint`."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> dict[str, Any] | None:
        self.registry, self.path, self.path_regex = registry, path, path_regex
        self.path_prefix, self.method = path_prefix, method.upper()
        asked: Endpoint | None = getattr(self.view, "endpoints", {}).get(self.method)
        return self._operation(asked) if asked else None

    def get_operation_id(self) -> str:
        """The library's name; an act on one object of a list is told apart from adding to the list."""
        name: str = super().get_operation_id()
        on_one = self.method == "POST" and self.path.rstrip("/").endswith("}")
        return f"{name.removesuffix('_create')}_change" if on_one else name

    def _is_list_view(self, serializer: Any = None) -> bool:
        """For the operation's name; the library would guess at serializers that these views do not have."""
        asked: Endpoint | None = getattr(self.view, "endpoints", {}).get(self.method)
        shape = asked.answer if asked else None
        return "results" in getattr(shape, "__struct_fields__", ())

    def _operation(self, asked: "Endpoint") -> dict[str, Any]:
        operation: dict[str, Any] = {
            "operationId": self.get_operation_id(),
            "summary": asked.summary,
            "description": f"Right: `{asked.right}`.",
            "tags": [self._tokenize_path()[0] if self._tokenize_path() else "api"],
            "parameters": self._all_parameters(asked),
            "security": [{"session": []}, {"bearer": []}, *([{}] if asked.right == "open.anybody" else [])],
            "responses": self._responses(asked),
        }
        body = self._body(asked)
        return {**operation, "requestBody": body} if body else operation

    def _writes(self, asked: "Endpoint") -> bool:
        return self.method != "GET" and asked.keyed

    def _all_parameters(self, asked: "Endpoint") -> list[dict[str, Any]]:
        names = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        found = [{"name": name, "in": "path", "required": True, "schema": self._path_schema(name)} for name in names]
        if asked.query is not None:
            found += self._query_parameters(asked.query)
        if self._writes(asked):
            found.append(
                _header("Idempotency-Key", {"type": "string", "format": "uuid"}, "A UUID made for this write.")
            )
        if asked.versioned:
            found.append(_header("If-Match", {"type": "string", "pattern": r'^"[0-9]{1,9}"$'}, "The version you saw."))
        return found

    def _path_schema(self, name: str) -> dict[str, Any]:
        is_uuid = f"<uuid:{name}>" in self.path_regex
        return {"type": "string", "format": "uuid"} if is_uuid else {"type": "string"}

    def _query_parameters(self, shape: type[msgspec.Struct]) -> list[dict[str, Any]]:
        self._schema(shape)
        whole = msgspec.json.schema_components([shape], ref_template=COMPONENT)[1][shape.__name__]
        found = []
        for name, schema in whole["properties"].items():
            schema.pop("default", None)
            parameter = {"name": name, "in": "query", "required": name in whole.get("required", ()), "schema": schema}
            if schema.get("type") == "array" or "anyOf" in schema:
                parameter |= {"style": "form", "explode": False}
            found.append(parameter)
        return found

    def _schema(self, shape: Any) -> dict[str, Any]:
        """A reference to `shape`'s schema, with all that it needs among the components."""
        (schema,), components = msgspec.json.schema_components([shape], ref_template=COMPONENT)
        for name, content in components.items():
            self.registry.register_on_missing(_component(name=name, type=Component.SCHEMA, schema=content, object=name))
        return schema

    def _body(self, asked: "Endpoint") -> dict[str, Any] | None:
        if asked.upload:
            form = {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
            return {"required": True, "content": {"multipart/form-data": {"schema": form}}}
        if asked.body is None:
            return None
        needed = any(field.required for field in msgspec.structs.fields(asked.body))
        return {"required": needed, "content": {"application/json": {"schema": self._schema(asked.body)}}}

    def _responses(self, asked: "Endpoint") -> dict[str, Any]:
        good: dict[str, Any] = {"description": asked.summary}
        if asked.answer is not None:
            good["content"] = {asked.media: {"schema": self._schema(asked.answer)}}
        elif asked.status != 204:
            good["content"] = {asked.media: {"schema": {"type": "string"}}}
        problem = {"application/problem+json": {"schema": self._schema(ProblemDocument)}}
        codes = self._codes(asked)
        return {str(asked.status): good} | {code: {"description": PROBLEMS[code], "content": problem} for code in codes}

    def _codes(self, asked: "Endpoint") -> list[str]:
        codes = {"400", "413", "503"}
        if asked.right != "open.anybody":
            codes |= {"401", "403"}
        if "{" in self.path:
            codes.add("404")
        if self.method != "GET":
            codes |= {"404", "409", "415", "422", "428"}
        return sorted(codes | ({"412"} if asked.versioned else set()))


def _header(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": schema, "description": words}


def security_schemes(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Post-processing hook: how one says who one is."""
    result.setdefault("components", {})["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "ondijon_session"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    return result
