"""Everything that the apps' API doors are built from."""

from omni.core.idempotency import idempotency_key, idempotent, idempotent_by_itself
from omni.core.problems import problem, problem_response
from omni.core.rest.answers import AmountField, ZonedTimeField
from omni.core.rest.conditional import ConditionalReads, conditional
from omni.core.rest.fields import MoneyField, OffsetDateTimeField, StrictBoolean, StrictChar, StrictInteger
from omni.core.rest.keys import ApiPrincipal, BearerKeyAuthentication, api_key
from omni.core.rest.pages import CursorPages
from omni.core.rest.queries import PageQuery, QueryDateTimeField, StrictQuery
from omni.core.rest.scopes import HasScope
from omni.core.rest.serializers import MetadataField, ProblemSerializer, StrictSerializer
from omni.core.rest.throttle import KeyRate
from omni.core.rest.uploads import CsvUpload, NdjsonUpload, uploaded

__all__ = [
    "AmountField",
    "ApiPrincipal",
    "BearerKeyAuthentication",
    "ConditionalReads",
    "CsvUpload",
    "CursorPages",
    "HasScope",
    "KeyRate",
    "MetadataField",
    "MoneyField",
    "NdjsonUpload",
    "OffsetDateTimeField",
    "PageQuery",
    "ProblemSerializer",
    "QueryDateTimeField",
    "StrictBoolean",
    "StrictChar",
    "StrictInteger",
    "StrictQuery",
    "StrictSerializer",
    "ZonedTimeField",
    "api_key",
    "conditional",
    "idempotency_key",
    "idempotent",
    "idempotent_by_itself",
    "problem",
    "problem_response",
    "uploaded",
]
