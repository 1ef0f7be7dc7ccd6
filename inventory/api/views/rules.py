"""The rules by which stock is kept back now."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inventory.api.serializers.rules import RulesSerializer
from inventory.models import AvailabilityRule, LocationGroup
from omni.core.api import ConditionalReads, api_key


class Rules(ConditionalReads, APIView):
    """Active ones only; they are written at HQ."""

    required_scopes = {"GET": "inventory:read"}

    @extend_schema(operation_id="rules_list", tags=["inventory"], responses=RulesSerializer)
    def get(self, request: Request) -> Response:
        """In the order in which they are asked; a key of some channels sees those that concern it."""
        rules = AvailabilityRule.objects.filter(status=AvailabilityRule.Status.ACTIVE).select_related("group")
        mine, depths = api_key(request).channels, LocationGroup.depths()
        seen = [rule for rule in rules if not (mine and rule.channels) or set(mine) & set(rule.channels)]
        seen.sort(key=lambda rule: rule.precedence(depths))
        return Response(RulesSerializer({"results": seen}).data)
