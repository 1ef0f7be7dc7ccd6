"""What the schema generator must know of our own classes."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse

from omni.core.problems import CONTENT_TYPE
from omni.core.rest.conditional import ConditionalReads
from omni.core.rest.scopes import required_scope
from omni.core.rest.serializers import ProblemSerializer

EVERYWHERE = ("400", "401", "403", "404", "429", "503")
ON_BODIES = ("413", "415", "422")
ON_CHANGES = ("409", *ON_BODIES)
SAID = {
    "400": "The request cannot be read, or a field has the wrong shape.",
    "401": "No key, or one that is unknown, expired or revoked.",
    "403": "The key lacks the scope.",
    "404": "Nothing here, or nothing that the key may see.",
    "409": "The world says no; the body names what is possible instead.",
    "413": "The body is larger than 1 MiB.",
    "415": "The body is not JSON.",
    "422": "Understood, but not acceptable.",
    "429": "Too many requests; wait as Retry-After says.",
    "503": "Busy for a moment; nothing was done, send the same request again.",
}

IF_NONE_MATCH = OpenApiParameter(
    name="If-None-Match",
    type=OpenApiTypes.STR,
    location=OpenApiParameter.HEADER,
    description="The ETag of the copy that the reader has; 304 where it is still the newest.",
)


class BearerKey(OpenApiAuthenticationExtension):
    """How the documentation's Authorize button sends a key."""

    target_class = "omni.core.rest.keys.BearerKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "description": "A key from `manage.py create_api_key`."}


class Schema(AutoSchema):
    """Adds what holds for every operation: problems, the idempotency key, and the scope it takes."""

    def get_override_parameters(self) -> list[Any]:
        """The parameters that the view names, and the idempotency key where the method asks for it."""
        parameters: list[Any] = super().get_override_parameters()
        if self._is_conditional():
            return [*parameters, IF_NONE_MATCH]
        if not self._is_idempotent():
            return parameters
        key = OpenApiParameter(
            name="Idempotency-Key",
            type={"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
            location=OpenApiParameter.HEADER,
            required=True,
            description="1 to 255 visible ASCII characters, new for each request and the same for its repetitions.",
        )
        return [*parameters, key]

    def get_description(self) -> str:  # type: ignore[override]
        """The docstring, and which scope the key must hold."""
        scope = required_scope(self.view, self.method)
        described = super().get_description()
        return f"{described}\n\nScope: `{scope}`" if scope else described

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction != "response":
            return bodies
        for code in (*EVERYWHERE, *self._refusals()):
            if code not in bodies:
                bodies[code] = self._get_response_for_code(
                    OpenApiResponse(ProblemSerializer, SAID[code]), code, media_types=[CONTENT_TYPE]
                )
        if self._is_conditional():
            bodies["304"] = {"description": "The reader's copy is the newest."}
        return bodies

    def _refusals(self) -> tuple[str, ...]:
        if self._is_idempotent():
            return ON_CHANGES
        return ON_BODIES if self.method == "POST" else ()

    def _is_conditional(self) -> bool:
        return self.method == "GET" and isinstance(self.view, ConditionalReads)

    def _is_idempotent(self) -> bool:
        handler = getattr(self.view, self.method.lower(), None)
        return getattr(handler, "is_idempotent", False)
