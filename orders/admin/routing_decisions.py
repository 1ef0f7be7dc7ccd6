"""Why parcels come from where they come from: each decision with what it cost and what else there was."""

from decimal import Decimal

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, moment, tag
from omni.core.ui.words import money_words
from orders.admin.orders import ORDERS
from orders.models import RoutingDecision
from orders.routing.batch import UNIT


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(ReadOnlyAdmin):
    """Each decision about an order's parcels."""

    section, position, reads = ORDERS, 39, CONFIGURE
    long = True
    list_display = ["at", "order", "kind", "state", "rule_set", "shipments", "cost"]
    list_filter = ["kind"]
    list_select_related = ["order"]
    fields = [
        "at", "order", "kind", "state", "rule_set", "shipments", "unserved_quantity", "cost", "degraded_because",
    ]  # fmt: skip

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
