"""The rule sets by which orders are routed now."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from omni.core.api import ConditionalReads, api_key
from orders.api.serializers.rule_sets import RuleSetsSerializer
from orders.models import RuleSet
from orders.operations.routing_policy import rules_of
from orders.routing.rules import Rules


class RuleSets(ConditionalReads, APIView):
    """Active ones only; they are written at HQ."""

    required_scopes = {"GET": "orders:read"}

    @extend_schema(operation_id="rule_sets_list", tags=["orders"], responses=RuleSetsSerializer)
    def get(self, request: Request) -> Response:
        """In the order in which they are asked; a key of some channels sees those that concern it. None: the built-in
        "Cheapest" decides."""
        mine = set(api_key(request).channels)
        rows = RuleSet.objects.filter(status=RuleSet.Status.ACTIVE).order_by("priority", "pk")
        seen = [row for row in rows if not (mine and row.channels) or mine & set(row.channels)]
        for row in seen:
            row.said = _said(rules_of((row.pk, row.version)))  # type: ignore[attr-defined]
        return Response(RuleSetsSerializer({"results": seen}).data)


def _said(rules: Rules) -> dict[str, Any]:
    return {
        "filters": [each.name for each in rules.filters], "prices": [each.name for each in rules.prices],
        "steps": [
            {"name": step.name, "partial": step.partial, "filters": [each.name for each in step.filters]}
            for step in rules.ladder if not step.park
        ],
    }  # fmt: skip
