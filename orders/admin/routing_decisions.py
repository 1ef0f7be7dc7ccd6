"""Why parcels come from where they come from: each decision with what it cost and what else there was."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, moment, tag
from omni.core.ui.words import money_words
from orders.admin.decision_page import decision_context
from orders.admin.orders import ORDERS
from orders.models import RoutingDecision
from orders.routing.batch import UNIT


class EngineFilter(admin.SimpleListFilter):
    """Those that were made without the engine, or without its prices, have an index of their own."""

    title = gettext_lazy("engine")
    parameter_name = "engine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("degraded", gettext_lazy("Degraded"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.exclude(degraded_because="") if self.value() == "degraded" else queryset


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(ReadOnlyAdmin):
    """Each decision about an order's parcels."""

    section, position, reads = ORDERS, 39, CONFIGURE
    long = True
    list_display = ["at", "order", "kind", "state", "rule_set", "shipments", "cost"]
    list_filter = ["kind", EngineFilter]
    list_select_related = ["order"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("inputs")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """All of it: the bill, the next plans, who was shut out, the nearest on a map."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        decision = self.get_object(request, object_id)
        if decision is None:
            raise Http404
        context = self.frame(request) | decision_context(decision) | {
            "title": _("Routing of order %s") % decision.order.number, "original": decision,
            "state": self.state(decision), "decided_at": moment(decision.decided_at),
            "put_away_at": moment(decision.put_away_at),
        }  # fmt: skip
        return render(request, "admin/hq/routing_decision.html", context)

    @admin.display(description=gettext_lazy("decided"))
    def at(self, decision: RoutingDecision) -> str:
        return moment(decision.decided_at)

    @admin.display(description=gettext_lazy("engine"))
    def state(self, decision: RoutingDecision) -> str:
        return tag(_("degraded"), "stop") if decision.degraded_because else tag(_("as usual"), "done")

    @admin.display(description=gettext_lazy("rule set"))
    def rule_set(self, decision: RoutingDecision) -> str:
        if decision.amount is None:
            return NOTHING
        version = f" v{decision.rule_set_version}" if decision.rule_set_version else ""
        return f"{decision.rules}{version}"

    @admin.display(description=gettext_lazy("cost"))
    def cost(self, decision: RoutingDecision) -> str:
        return NOTHING if decision.amount is None else money_words(Decimal(decision.amount) / UNIT, currency="USD")
