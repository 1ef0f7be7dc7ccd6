"""Every address of the house, and who may open it. A new route needs one line here, or the house test fails.

Screens: `door(capability, args)`: "" is any signed-in person, None is everybody; `args` builds the address from a
place, so that the same is tried with another store's things. HQ: one line per model. API: the scope per method.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from orders.customer_link import link_token
from orders.models import RoutingDecision
from tests.house.world import Place

SCREEN_CEILING = 20
HQ_CEILING = 25


@dataclass(frozen=True)
class Door:
    """One page: the capability it takes, how its address is built, and how many queries it may ask."""

    capability: str | None
    args: Callable[[Place], dict[str, Any]] | None = None
    post: bool = False
    own_list: bool = False  # only for whoever walks this pick list
    at_store: bool = True  # works at the store of the session; without the right there, one chooses another
    every_store: bool = False  # opens with another store's thing too: purchases come back anywhere
    leads_partners: bool = False  # sends people of a partner to their own page
    ceiling: int = SCREEN_CEILING


@dataclass(frozen=True)
class HqPage:
    """One model in HQ: who reads it, who adds to it, whose things it shows, which acts it has."""

    reads: str
    thing: Callable[[Any], Any]
    adds: str = ""
    changes: str = ""
    acts: dict[str, str] | None = None
    chain_wide: bool = False  # its rows belong to no store: whoever reads the list reads all
    ceiling: int = HQ_CEILING


@dataclass(frozen=True)
class Api:
    """One resource: the scope of each method, and how its address is built."""

    scopes: dict[str, str]
    args: Callable[[Any], dict[str, Any]] | None = None
    by_place: bool = True  # a key for one store finds nothing of another's here
    chain_wide: bool = False  # a key for some stores does not open it at all


def door(capability: str | None, args: Any = None, **more: Any) -> Door:
    return Door(capability, args, **more)


def count_area(place: Place) -> dict[str, Any]:
    return {"session_id": place.counting.pk, "area_id": place.counting.areas.first().pk}


def act(capability: str | None, args: Any = None, **more: Any) -> Door:
    return Door(capability, args, post=True, **more)


def _list(place: Place) -> dict[str, Any]:
    return {"number": place.pick_list.number}


def _order(place: Place) -> dict[str, Any]:
    return {"number": place.order.number}


def _customer(place: Place) -> dict[str, Any]:
    return {"uid": place.order.customer.uid}


def _staged(place: Place) -> dict[str, Any]:
    return {"number": place.staged.number}


def _return(place: Place) -> dict[str, Any]:
    return {"rma_number": place.returned.rma_number}


def _returned_unit(place: Place) -> dict[str, Any]:
    return {**_return(place), "unit_id": place.returned.units.get().pk}


def _delivery(place: Place) -> dict[str, Any]:
    return {"delivery_id": place.delivery.pk}


def _link(place: Place) -> dict[str, Any]:
    return {"token": link_token(place.staged_order)}


def _shipping(place: Place) -> dict[str, Any]:
    return {"number": place.shipping.number}


def _parcel(place: Place) -> dict[str, Any]:
    return {"number": place.parcel.number}


def _transfer(place: Place) -> dict[str, Any]:
    return {"number": place.transfer.number}


def _manifest(place: Place) -> dict[str, Any]:
    return {"number": place.manifest.number}


def _vendor_work(place: Place) -> dict[str, Any]:
    return {"number": place.vendor_work.number}


SCREENS: dict[str, Door] = {
    "": door("work", leads_partners=True),
    "partner/": door("partner", at_store=False),
    "partner/confirm/": act("partner", at_store=False),
    "partner/history/": door("partner", at_store=False),
    "partner/stock/": door("partner", at_store=False),
    "partner/stock/<uuid:snapshot_id>/": door("partner", lambda p: {"snapshot_id": p.vendor_file.public_id}),
    "partner/orders/<str:number>/": door("partner", _vendor_work),
    **{
        f"partner/orders/<str:number>/{page}/": door("partner", _vendor_work)
        for page in ("confirm", "refuse", "ship", "slip")
    },
    "partner/orders/<str:number>/undo/": act("partner", _vendor_work),
    "today/": door("work"),
    "waiting/": door("work"),
    "shift/": door("staff"),
    "shift/rows/": door("staff"),
    "shift/lists/<int:number>/reassign/": act("staff", _list),
    "district/": door("oversee", at_store=False),
    "pick/": door("work"),
    "pick/accept/": act("work"),
    "pick/pull/": act("staff"),
    "pick/claim/": act("work"),
    "pick/start/": act("work"),
    "pick/decline/": act("approve"),
    "pick/<int:number>/": door("work", _list),
    "pick/<int:number>/scan/": act("work", _list, own_list=True),
    "pick/<int:number>/undo/": act("work", _list, own_list=True),
    "pick/<int:number>/acknowledge/": act("work", _list, own_list=True),
    "pick/<int:number>/stage/": act("work", _list, own_list=True),
    "pick/<int:number>/give-back/": act("work", _list, own_list=True),
    "pick/<int:number>/join/": act("work", _list),
    "pick/<int:number>/leave/": act("work", _list, own_list=True),
    "pick/<int:number>/totes/": door("work", _list, own_list=True),
    "pick/<int:number>/packing/": act("work", _list, own_list=True),
    "pick/<int:number>/take-over/": act("staff", _list),
    "pick/<int:number>/short/<int:line_id>/": door(
        "work", lambda p: {**_list(p), "line_id": p.work.lines.get().pk}, own_list=True
    ),
    "pick/<int:number>/print/": door("work", _list),
    "labels/<str:number>/": door("work", _staged),
    "ship/": door("work"),
    "ship/find/": act("work"),
    "pack/<str:number>/": door("work", _shipping),
    "pack/<str:number>/scan/": act("work", _shipping),
    "pack/<str:number>/undo/": act("work", _shipping),
    "pack/<str:number>/all/": act("work", _shipping),
    "pack/<str:number>/close/": act("work", _shipping),
    "parcels/<str:number>/": door("work", _parcel),
    "parcels/<str:number>/rates/": door("work", _parcel),
    "parcels/<str:number>/buy/": act("work", _parcel),
    "parcels/<str:number>/ask-again/": act("work", _parcel),
    "parcels/<str:number>/other-way/": act("work", _parcel),
    "parcels/<str:number>/by-hand/": act("work", _parcel),
    "parcels/<str:number>/void/": act("work", _parcel),
    "parcels/<str:number>/box/": act("work", _parcel),
    "parcels/<str:number>/address/": door("work", _parcel),
    "parcels/<str:number>/unpack/": act("work", _parcel),
    "parcels/<str:number>/slip/": door("work", _parcel),
    "parcels/<str:number>/label.pdf": door("work", _parcel),
    "parcels/<str:number>/label.zpl": door("work", _parcel),
    "manifests/": door("work"),
    "manifests/<int:number>/": door("work", _manifest),
    "manifests/<int:number>/scan/": act("work", _manifest),
    "manifests/<int:number>/take-off/": act("work", _manifest),
    "manifests/<int:number>/close/": act("work", _manifest),
    "manifests/<int:number>/print/": door("work", _manifest),
    "ship/<str:number>/": door("work", lambda p: {"number": p.shipping.number}),
    "pickup/": door("work"),
    "pickup/hand-overs/<int:hand_over_id>/undo/": act("work", lambda p: {"hand_over_id": p.hand_over_id}),
    "pickup/<str:number>/": door("work", _staged),
    "pickup/<str:number>/arrival/": door("work", _staged),
    "pickup/<str:number>/code/": act("work", _staged),
    "orders/<int:number>/": door("work", _order, at_store=False),
    "orders/<int:number>/receipt/": door("work", _order, at_store=False),
    "orders/<int:number>/credits/<int:refund_id>/slip/": door(
        "work", lambda p: {**_order(p), "refund_id": p.refund.pk}, at_store=False
    ),
    "orders/<int:number>/cancel/": door("work", _order, at_store=False),
    "orders/<int:number>/choices/<int:choice_id>/": door(
        "work", lambda p: {**_order(p), "choice_id": p.choice.pk}, at_store=False
    ),
    "returns/": door("work"),
    "returns/without-receipt/": door("work"),
    "returns/parcels/": door("work"),
    "returns/held/": door("work"),
    "returns/held/<int:unit_id>/": door("work", lambda p: {"unit_id": p.held_unit.pk}),
    "returns/orders/<int:number>/": door("work", _order, every_store=True),
    "returns/<int:rma_number>/": door("work", _return),
    "returns/<int:rma_number>/scan/": act("work", _return),
    "returns/<int:rma_number>/look/": act("work", _return),
    "returns/<int:rma_number>/refund/": act("work", _return),
    "returns/<int:rma_number>/exchange/": door("work", _return),
    "returns/<int:rma_number>/exchange/change/": act("work", _return),
    "returns/<int:rma_number>/exchange/complete/": act("work", _return),
    "returns/<int:rma_number>/cancel/": act("work", _return),
    "returns/<int:rma_number>/decide/": act("approve", _return),
    "returns/<int:rma_number>/units/<int:unit_id>/remove/": act("work", _returned_unit),
    "returns/<int:rma_number>/units/<int:unit_id>/photo/": door(
        "work",
        lambda p: {
            "rma_number": p.held_unit.return_order.rma_number,
            "unit_id": p.held_unit.pk,
        },
    ),
    "returns/of-order/<int:number>/": door("work", _order, at_store=False),
    "returns/of-customer/<int:customer_id>/": door(
        "work", lambda p: {"customer_id": p.order.customer_id}, at_store=False, every_store=True
    ),
    "my/<str:token>/": door(None, _link),
    "my/<str:token>/arrival/": act(None, _link),
    "my/<str:token>/collector/": act(None, _link),
    "my/<str:token>/cancel/": act(None, _link),
    "choice/<str:token>/": door(None, lambda p: {"token": p.choice.token}),
    "practice/": door("work", at_store=False),
    "practice/open/": act("work", at_store=False),
    "practice/leave/": act("work", at_store=False),
    "practice/reset/": act("work", at_store=False),
    "practice/begin/": act("work", at_store=False),
    "practice/bar/": door("work", at_store=False),
    "sell/": door("work"),
    "sell/products/<str:code>/": door("work", lambda p: {"code": p.variant.product.code}, every_store=True),
    "sell/add/": act("work"),
    "sell/lost/": act("work"),
    "sell/lost/<int:lost_sale_id>/undo/": act("work", lambda p: {"lost_sale_id": p.lost_sale.pk}),
    "sell/baskets/": door("work"),
    "sell/basket/": door("work"),
    **{
        f"sell/basket/<uuid:basket_id>/{what}/": act("work", lambda p: {"basket_id": p.basket.pk})
        for what in ("quantity", "way", "piece", "age", "keep", "park", "take", "drop", "customer/choose", "place")
    },
    "sell/basket/<uuid:basket_id>/customer/": door("work", lambda p: {"basket_id": p.basket.pk}),
    "sell/basket/<uuid:basket_id>/pay/": door("work", lambda p: {"basket_id": p.basket.pk}),
    "sell/basket/<uuid:basket_id>/pay/<str:key>/<str:act>/": act(
        "work", lambda p: {"basket_id": p.basket.pk, "key": "basket:0:1", "act": "look-up"}
    ),
    "sell/basket/<uuid:basket_id>/sold/": door("work", lambda p: {"basket_id": p.sold.pk}),
    "sell/basket/<uuid:basket_id>/receipt/": door("work", lambda p: {"basket_id": p.sold.pk}),
    "stores/": door("", at_store=False),
    "items/<path:sku>/words/": door("work", lambda p: {"sku": "TEE-RED-M"}, at_store=False, every_store=True),
    "customers/": door("work"),
    "customers/new/": door("work"),
    "customers/<uuid:uid>/": door("work", _customer, every_store=True),
    "customers/<uuid:uid>/open/": door("work", _customer, every_store=True),
    "customers/<uuid:uid>/contact/": act("work", _customer, every_store=True),
    "customers/<uuid:uid>/edit/": door("work", _customer, every_store=True),
    "customers/<uuid:uid>/export/": door("configure", _customer, every_store=True),
    "customers/<uuid:uid>/consent/": act("work", _customer, every_store=True),
    "customers/<uuid:uid>/notes/": act("work", _customer, every_store=True),
    "customers/<uuid:uid>/notes/<int:note_id>/<slug:act>/": act(
        "work", lambda p: {**_customer(p), "note_id": 1, "act": "pin"}, every_store=True
    ),
    "customers/<uuid:uid>/wishes/": act("work", _customer, every_store=True),
    "customers/<uuid:uid>/wishes/<int:wish_id>/remove/": act(
        "work", lambda p: {**_customer(p), "wish_id": 1}, every_store=True
    ),
    "customers/<uuid:uid>/loyalty/": act("work", _customer, every_store=True),
    "customers/<uuid:uid>/merge/": door("approve", _customer, every_store=True),
    "customers/<uuid:uid>/merge/<int:merge_id>/undo/": act(
        "approve", lambda p: {**_customer(p), "merge_id": 1}, every_store=True
    ),
    "orders/of-customer/<int:customer_id>/": door(
        "work", lambda p: {"customer_id": p.order.customer_id}, every_store=True, at_store=False
    ),
    "switch/": door(None),
    "lock/": door(None),
    "still-here/": act("", at_store=False),
    "device/": door(None),
    "devices/": door("staff"),
    "devices/<uuid:uid>/revoke/": act("staff", lambda p: {"uid": p.device.uid}),
    "team/": door("staff"),
    "team/<int:user_id>/pin/": act("staff", lambda p: {"user_id": p.associate.pk}),
    "pin/": door("", at_store=False),
    "second-step/": door("", at_store=False),
    "second-step/set-up/": door("", at_store=False),
    "pause/": door("pause"),
    "pause/resume/": act("pause"),
    "put-back/": door("work"),
    "receiving/": door("receive"),
    "receiving/begin/": act("receive"),
    "receiving/<int:delivery_id>/": door("receive", _delivery),
    "receiving/<int:delivery_id>/scan/": act("receive", _delivery),
    "receiving/<int:delivery_id>/undo/": act("receive", _delivery),
    "receiving/<int:delivery_id>/items/<int:line_id>/": door(
        "receive", lambda p: {**_delivery(p), "line_id": p.delivery.lines.first().pk}
    ),
    "receiving/<int:delivery_id>/summary/": door("receive", _delivery),
    "receiving/<int:delivery_id>/finish/": act("receive", _delivery),
    "receiving/<int:delivery_id>/cancel/": act("settle", _delivery),
    "receiving/<int:delivery_id>/print/": door("receive", _delivery),
    "transfers/": door("work"),
    "transfers/ask/": door("work"),
    "transfers/find/": act("work"),
    "transfers/<str:number>/": door("work", _transfer),
    "transfers/<str:number>/scan/": act("work", _transfer),
    "transfers/<str:number>/undo/": act("work", _transfer),
    "transfers/<str:number>/answer/": act("approve", _transfer),
    "transfers/<str:number>/ship/": act("work", _transfer),
    "transfers/<str:number>/finish/": act("work", _transfer),
    "transfers/<str:number>/cancel/": act("approve", _transfer),
    "transfers/<str:number>/slip/": door("work", _transfer),
    "adjustments/": door("work"),
    "adjustments/items/<path:sku>/": door("work", lambda p: {"sku": p.variant.sku}, every_store=True),
    "adjustments/<int:adjustment_id>/undo/": act("work", lambda p: {"adjustment_id": p.adjustment.pk}),
    "counts/": door("count"),
    "counts/together/": act("staff"),
    "counts/print/": door("count"),
    "counts/<int:task_id>/": door("count", lambda p: {"task_id": p.count.pk}),
    "counts/sessions/": door("work"),
    "counts/sessions/new/": door("staff"),
    "counts/sessions/<int:session_id>/": door("work", lambda p: {"session_id": p.counting.pk}),
    "counts/sessions/<int:session_id>/areas/<int:area_id>/": door("work", count_area),
    "counts/sessions/<int:session_id>/areas/<int:area_id>/scan/": act("work", count_area),
    "counts/sessions/<int:session_id>/areas/<int:area_id>/done/": act("work", count_area),
    "counts/sessions/<int:session_id>/areas/<int:area_id>/tags/": act("work", count_area),
    "counts/sessions/<int:session_id>/undo/": act("work", lambda p: {"session_id": p.counting.pk}),
    "counts/sessions/<int:session_id>/again/<int:line_id>/": door(
        "work", lambda p: {"session_id": p.counting.pk, "line_id": p.counting.lines.get().pk}
    ),
    "counts/sessions/<int:session_id>/review/": door("staff", lambda p: {"session_id": p.counting.pk}),
    "counts/sessions/<int:session_id>/decide/": act("staff", lambda p: {"session_id": p.counting.pk}),
    "counts/sessions/<int:session_id>/end/": act("staff", lambda p: {"session_id": p.counting.pk}),
    "counts/sessions/<int:session_id>/book/": act("staff", lambda p: {"session_id": p.counting.pk}),
    "counts/sessions/<int:session_id>/cancel/": act("staff", lambda p: {"session_id": p.counting.pk}),
    "counts/sessions/<int:session_id>/sheets/": door("work", lambda p: {"session_id": p.counting.pk}),
    "counts/sessions/<int:session_id>/result/": door("staff", lambda p: {"session_id": p.counting.pk}),
    "counts/sessions/<int:session_id>/lines.csv": door("staff", lambda p: {"session_id": p.counting.pk}),
    "hooks/<slug:source>/": act(None, lambda p: {"source": "simulator"}),
    "health/live": door(None),
    "health/ready": door(None),
    "sign-in/": door(None),
    "sign-out/": act(None),
    "theme/": act(None),
    "manifest.webmanifest": door(None),
    "sw.js": door(None),
    "offline/": door(None),
    "kept/": door(None),
    "i18n/setlang/": act(None),
    "api/docs/": door(None),
    "api/v1/schema/": door(None),
}

M, HQ = "count", "configure"
DEAD_LETTER = {"retry": HQ, "discard": HQ}

HQ_PAGES: dict[str, HqPage] = {
    "core.user": HqPage(HQ, lambda t: t["user"], adds=HQ, changes=HQ,
                        acts={"reset_pin": HQ, "reset_second_step": HQ}, chain_wide=True),
    "core.device": HqPage(HQ, lambda t: t["place"].device, acts={"revoke": HQ}, chain_wide=True),
    "core.apikey": HqPage(HQ, lambda t: t["key"], adds=HQ, acts={"rotate": HQ, "revoke": HQ}, chain_wide=True),
    "core.setting": HqPage(HQ, lambda t: "orders.undo_5Fseconds", changes=HQ, chain_wide=True),
    "core.event": HqPage(HQ, lambda t: t["event"], chain_wide=True),
    "core.statechange": HqPage(HQ, lambda t: t["change"], chain_wide=True),
    "core.eventdelivery": HqPage(HQ, lambda t: t["delivery"], acts=DEAD_LETTER, chain_wide=True),
    "core.webhookdelivery": HqPage(HQ, lambda t: t["sent"], acts=DEAD_LETTER, chain_wide=True),
    "core.webhookendpoint": HqPage(
        HQ, lambda t: t["endpoint"], adds=HQ, acts={"rotate": HQ, "replay": HQ, "retire": HQ}, chain_wide=True
    ),
    "core.auditrun": HqPage(HQ, lambda t: t["audit"], chain_wide=True),
    "core.inboundmessage": HqPage(HQ, lambda t: t["inbound"], chain_wide=True),
    "core.job": HqPage(HQ, lambda t: t["job"], chain_wide=True),
    "customers.customer": HqPage(HQ, lambda t: t["customer"], acts={"erase": HQ, "credit": HQ}, chain_wide=True),
    "customers.consent": HqPage(HQ, lambda t: t["consent"], chain_wide=True),
    "inventory.locationgroup": HqPage(
        M, lambda t: t["place"].location.group, adds=HQ, changes=HQ, acts={"close": "hours"}, chain_wide=True
    ),
    "inventory.location": HqPage(
        M, lambda t: t["place"].location, adds=HQ, changes="hours",
        acts={"close": "hours", "pause": "pause", "resume": "pause"},
    ),
    "inventory.locationset": HqPage(HQ, lambda t: t["location_set"], adds=HQ, changes=HQ, chain_wide=True),
    "inventory.closure": HqPage(M, lambda t: t["place"].location.closures.get(), acts={"reopen": "hours"}),
    "inventory.product": HqPage(M, lambda t: t["place"].variant.product, adds=HQ, changes=HQ, chain_wide=True),
    "inventory.variant": HqPage(M, lambda t: t["place"].variant, changes=HQ, acts={"kit": HQ, "end_kit": HQ},
                                chain_wide=True),
    "inventory.adjustmentlimit": HqPage(M, lambda t: t["limit"], adds=HQ, changes=HQ, chain_wide=True),
    "inventory.adjustment": HqPage(M, lambda t: t["place"].adjustment),
    "inventory.reasoncode": HqPage(M, lambda t: t["reason"], adds=HQ, changes=HQ, chain_wide=True),
    "inventory.stocklevel": HqPage(M, lambda t: t["level"], acts={"adjust": "adjust", "count": "count"}),
    "inventory.stockmovement": HqPage(M, lambda t: t["movement"]),
    "inventory.reservation": HqPage(M, lambda t: t["reservation"]),
    "inventory.stockheld": HqPage(M, lambda t: t["place"].held),
    "inventory.putback": HqPage(M, lambda t: t["place"].put_back),
    "inventory.cyclecount": HqPage(M, lambda t: t["place"].count),
    "inventory.pickvisit": HqPage(M, lambda t: t["place"].visit),
    "inventory.confidencemodel": HqPage(HQ, lambda t: t["model"], chain_wide=True),
    "inventory.purchaseorder": HqPage(
        M, lambda t: t["place"].purchase_order, adds=HQ, changes=HQ, acts={"close": HQ, "cancel": HQ}
    ),
    "inventory.purchaseorderline": HqPage(M, lambda t: t["place"].purchase_order.lines.get()),
    "inventory.supplyterm": HqPage(HQ, lambda t: t["term"], adds=HQ, changes=HQ, chain_wide=True),
    "inventory.delivery": HqPage(M, lambda t: t["place"].delivery, acts={"cancel": HQ}),
    "inventory.transfer": HqPage(
        M, lambda t: t["place"].transfer, acts={"approve": HQ, "decline": HQ, "cancel": HQ, "lose": HQ}
    ),
    "inventory.feed": HqPage(HQ, lambda t: t["feed"], adds=HQ, changes=HQ, chain_wide=True),
    "inventory.snapshot": HqPage(HQ, lambda t: t["snapshot"], chain_wide=True),
    "inventory.movementfile": HqPage(HQ, lambda t: t["movement_file"], chain_wide=True),
    "inventory.availabilityrule": HqPage(
        HQ, lambda t: t["rule"], adds=HQ, changes=HQ, acts={"retire": HQ, "copy": HQ}, chain_wide=True
    ),
    "inventory.snapshotrow": HqPage(
        M, lambda t: t["place"].difference, acts={"approve": "adjust", "refuse": "adjust"}
    ),
    "inventory.drift": HqPage(
        HQ, lambda t: t["place"].drift, acts={"ask": HQ, "approve": HQ, "take_back": HQ, "look": HQ}
    ),
    "returns.returnorder": HqPage(M, lambda t: t["place"].returned),
    "returns.returnpolicy": HqPage(M, lambda t: t["policy"], adds=HQ, changes=HQ, chain_wide=True),
    "returns.returnreason": HqPage(M, lambda t: t["return_reason"], adds=HQ, changes=HQ, chain_wide=True),
    "returns.regrade": HqPage(M, lambda t: t["place"].held_unit.regrades.get()),
    "orders.ruleset": HqPage(HQ, lambda t: t["rule_set"], adds=HQ, changes=HQ, acts={"copy": HQ}, chain_wide=True),
    "orders.costparameters": HqPage(
        HQ, lambda t: t["costs"], adds=HQ, changes=HQ, acts={"set": HQ, "withdraw": HQ}, chain_wide=True
    ),
    "orders.tariff": HqPage(HQ, lambda t: t["tariff"], adds=HQ, acts={"withdraw": HQ}, chain_wide=True),
    "orders.promotion": HqPage(HQ, lambda t: t["promotion"], adds=HQ, changes=HQ, chain_wide=True),
    "orders.taxrate": HqPage(HQ, lambda t: t["tax"], adds=HQ, changes=HQ, chain_wide=True),
    "orders.payment": HqPage(HQ, lambda t: t["place"].payment, acts={"retry": HQ}, chain_wide=True),
    "orders.refund": HqPage(HQ, lambda t: t["place"].refund, acts={"retry": HQ, "credit": HQ}, chain_wide=True),
    "orders.paymentintent": HqPage(HQ, lambda t: t["place"].intent, acts={"give_up": HQ}, chain_wide=True),
    "customers.storecredit": HqPage(HQ, lambda t: t["place"].refund.credit, acts={"expire": HQ}, chain_wide=True),
    "orders.order": HqPage(M, lambda t: t["place"].order,
                           acts={"hold": HQ, "unhold": HQ, "promise": HQ, "cancel": HQ}),
    "orders.fulfillmentorder": HqPage(M, lambda t: t["place"].work, acts={"decline": HQ}),
    "orders.shipment": HqPage(M, lambda t: t["place"].parcel),
    "orders.label": HqPage(M, lambda t: t["place"].parcel.labels.get()),
    "orders.manifest": HqPage(M, lambda t: t["place"].manifest),
    "orders.trackingevent": HqPage(M, lambda t: t["place"].parcel.tracking_events.get()),
    "orders.carton": HqPage(M, lambda t: t["place"].parcel.carton, adds=HQ, changes=HQ, chain_wide=True),
    "orders.basket": HqPage(M, lambda t: t["place"].basket),
    "orders.lostsale": HqPage(M, lambda t: t["place"].lost_sale),
    "orders.partner": HqPage(HQ, lambda t: t["place"].partner, adds=HQ, changes=HQ, chain_wide=True),
    "orders.partneralarm": HqPage(HQ, lambda t: t["place"].partner.alarms.get(), chain_wide=True),
    "orders.routingdecision": HqPage(HQ, lambda t: RoutingDecision.objects.first(), chain_wide=True),
    "orders.routingfrontier": HqPage(HQ, lambda t: t["routing_frontier"], chain_wide=True),
    "orders.routingreplay": HqPage(HQ, lambda t: t["routing_replay"], chain_wide=True),
    "orders.priceset": HqPage(HQ, lambda t: t["price_set"], acts={"retire": HQ}, chain_wide=True),
    "orders.routingrun": HqPage(HQ, lambda t: t["routing_run"], chain_wide=True),
    "orders.orderexception": HqPage(M, lambda t: t["place"].exception, acts={"resolve": HQ, "retry": HQ}),
}  # fmt: skip

# Django's own addresses under /hq/: what a person without and with work in HQ gets.
HQ_FRAME: dict[str, tuple[int, int]] = {
    "": (403, 200),
    "login/": (302, 302),  # leads to the one sign-in
    "logout/": (403, 302),
    "password_change/": (403, 200),
    "password_change/done/": (403, 200),
    "autocomplete/": (403, 403),
    "jsi18n/": (403, 200),
    "r/<path:content_type_id>/<path:object_id>/": (403, 404),
    "^(?P<app_label>.+)/$": (403, 200),
    "(?P<url>.*)$": (403, 404),
}


def _hold_of(thing: Any) -> dict[str, Any]:
    return {"hold_id": thing.hold_id}


def _work(place: Place) -> dict[str, Any]:
    return {"number": place.work.number}


def _purchase(place: Place) -> dict[str, Any]:
    return {"number": place.purchase_order.number}


def _notice(place: Place) -> dict[str, Any]:
    return {"number": place.delivery.number}


def _endpoint(_place: Place) -> dict[str, Any]:
    return {"endpoint_id": "01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c11"}


def _snapshot(_place: Place) -> dict[str, Any]:
    return {"snapshot_id": "01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c12"}  # of no key's source


def _api_count(place: Place) -> dict[str, Any]:
    return {"count_id": place.counting.public_id}


def _movement_file(_place: Place) -> dict[str, Any]:
    return {"file_id": "01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c13"}  # of no key's source


def _api_customer(place: Place) -> dict[str, Any]:
    return {"customer_id": place.order.customer.uid}


API: dict[str, Api] = {
    "events": Api({"GET": "events:read"}, chain_wide=True),
    "webhook-endpoints": Api({"GET": "webhooks:read", "POST": "webhooks:write"}, chain_wide=True),
    "webhook-endpoints/<uuid:endpoint_id>": Api(
        {"GET": "webhooks:read", "DELETE": "webhooks:write"}, _endpoint, chain_wide=True
    ),
    "webhook-endpoints/<uuid:endpoint_id>/secret": Api({"POST": "webhooks:write"}, _endpoint, chain_wide=True),
    "webhook-endpoints/<uuid:endpoint_id>/replay": Api({"POST": "webhooks:write"}, _endpoint, chain_wide=True),
    "webhook-endpoints/<uuid:endpoint_id>/deliveries": Api({"GET": "webhooks:read"}, _endpoint, chain_wide=True),
    "availability": Api({"GET": "inventory:read"}),
    "holds": Api({"POST": "orders:write"}),
    "holds/<uuid:hold_id>": Api({"GET": "orders:read", "DELETE": "orders:write"}, _hold_of),
    "inventory/movements": Api({"GET": "inventory:read", "POST": "inventory:write"}),
    "inventory/movement-files": Api({"GET": "inventory:read", "POST": "inventory:write"}),
    "inventory/movement-files/<uuid:file_id>": Api({"GET": "inventory:read"}, _movement_file),
    "inventory/movement-files/<uuid:file_id>/problems": Api({"GET": "inventory:read"}, _movement_file),
    "inventory/adjustments": Api({"GET": "inventory:read", "POST": "inventory:write"}),
    "inventory/levels/as-of": Api({"GET": "inventory:read"}),
    "inventory/levels": Api({"POST": "inventory:write"}),
    "inventory/confidence": Api({"GET": "inventory:read"}),
    "inventory/changes": Api({"GET": "inventory:read"}),
    "inventory/digest": Api({"GET": "inventory:read"}),
    "inventory/rules": Api({"GET": "inventory:read"}),
    "inventory/snapshots": Api({"GET": "inventory:read", "POST": "inventory:write"}),
    "inventory/snapshots/<uuid:snapshot_id>": Api({"GET": "inventory:read"}, _snapshot),
    "inventory/snapshots/<uuid:snapshot_id>/differences": Api({"GET": "inventory:read"}, _snapshot),
    "inventory/snapshots/<uuid:snapshot_id>/problems": Api({"GET": "inventory:read"}, _snapshot),
    "purchase-orders": Api({"GET": "supply:read", "POST": "supply:write"}),
    "purchase-orders/<str:number>": Api({"GET": "supply:read"}, _purchase),
    "purchase-orders/<str:number>/lines": Api({"POST": "supply:write"}, _purchase),
    "purchase-orders/<str:number>/closing": Api({"POST": "supply:write"}, _purchase),
    "advance-ship-notices": Api({"GET": "supply:read", "POST": "supply:write"}),
    "advance-ship-notices/<str:number>": Api({"GET": "supply:read"}, _notice),
    "advance-ship-notices/<str:number>/receipts": Api({"POST": "supply:write"}, _notice),
    "advance-ship-notices/<str:number>/completion": Api({"POST": "supply:write"}, _notice),
    "receipts": Api({"POST": "supply:write"}),
    "inventory/transfers": Api({"GET": "inventory:read", "POST": "inventory:write"}),
    "inventory/transfers/<str:number>": Api({"GET": "inventory:read"}, _transfer),
    **{
        f"inventory/transfers/<str:number>/{act}": Api({"POST": "inventory:write"}, _transfer)
        for act in ("approval", "decline", "cancellation", "shipment", "receipt")
    },
    "counts": Api({"GET": "inventory:read", "POST": "inventory:write"}),
    "counts/<uuid:count_id>": Api({"GET": "inventory:read"}, _api_count),
    "counts/<uuid:count_id>/scans": Api({"POST": "inventory:write"}, _api_count),
    "counts/<uuid:count_id>/tags": Api({"POST": "inventory:write"}, _api_count),
    "counts/<uuid:count_id>/closing": Api({"POST": "inventory:write"}, _api_count),
    "counts/<uuid:count_id>/booking": Api({"POST": "inventory:write"}, _api_count),
    "counts/<uuid:count_id>/lines": Api({"GET": "inventory:read"}, _api_count),
    "locations": Api({"GET": "catalog:read"}),
    "locations/<str:code>": Api({"GET": "catalog:read"}, lambda p: {"code": p.location.code}),
    "products": Api({"GET": "catalog:read"}),
    "kits": Api({"GET": "catalog:read"}),
    "kits/<path:sku>": Api(
        {"GET": "catalog:read", "PUT": "catalog:write", "DELETE": "catalog:write"},
        lambda p: {"sku": p.variant.sku},
        chain_wide=True,
    ),
    "variants": Api({"GET": "catalog:read"}),
    "variants/<path:sku>": Api({"GET": "catalog:read"}, lambda p: {"sku": p.variant.sku}, by_place=False),
    "customers": Api({"GET": "customers:read", "POST": "customers:write"}, chain_wide=True),
    "customers/<uuid:customer_id>": Api(
        {"GET": "customers:read", "PATCH": "customers:write"}, _api_customer, chain_wide=True
    ),
    "customers/<uuid:customer_id>/consents": Api({"POST": "customers:write"}, _api_customer, chain_wide=True),
    "customers/<uuid:customer_id>/wishlist": Api(
        {"GET": "customers:read", "POST": "customers:write"}, _api_customer, chain_wide=True
    ),
    "customers/<uuid:customer_id>/wishlist/<path:sku>": Api(
        {"DELETE": "customers:write"}, lambda p: {**_api_customer(p), "sku": "TEE-RED-M"}, chain_wide=True
    ),
    "customers/<uuid:customer_id>/loyalty": Api(
        {"GET": "customers:read", "POST": "customers:write"}, _api_customer, chain_wide=True
    ),
    "customers/<uuid:customer_id>/store-credit": Api({"GET": "customers:read"}, _api_customer, chain_wide=True),
    "customers/<uuid:customer_id>/timeline": Api({"GET": "customers:read"}, _api_customer, chain_wide=True),
    "customers/<uuid:customer_id>/merge": Api({"POST": "customers:write"}, _api_customer, chain_wide=True),
    "routing/rule-sets": Api({"GET": "orders:read"}),
    "orders": Api({"GET": "orders:read", "POST": "orders:write"}),
    "fulfillment-options": Api({"POST": "orders:read"}),
    "price-quotes": Api({"POST": "orders:write"}),
    "orders/<int:number>": Api({"GET": "orders:read"}, _order),
    "orders/<int:number>/cancellation": Api({"POST": "orders:write"}, _order),
    "orders/<int:number>/collector": Api({"POST": "orders:write"}, _order),
    "orders/<int:number>/shipping-address": Api({"POST": "orders:write"}, _order),
    "orders/<int:number>/hold": Api({"POST": "orders:write", "DELETE": "orders:write"}, _order),
    "returns": Api({"GET": "returns:read", "POST": "returns:write"}),
    "returns/<int:rma_number>": Api({"GET": "returns:read"}, _return),
    "returns/<int:rma_number>/label": Api({"GET": "returns:read"}, _return),
    "returns/<int:rma_number>/receipt": Api({"POST": "returns:write"}, _return),
    "returns/<int:rma_number>/cancellation": Api({"POST": "returns:write"}, _return),
    "fulfillment-orders": Api({"GET": "fulfillment:read"}),
    "fulfillment-orders/<str:number>": Api({"GET": "fulfillment:read"}, _work),
    "fulfillment-orders/<str:number>/acceptance": Api({"POST": "fulfillment:write"}, _work),
    "fulfillment-orders/<str:number>/decline": Api({"POST": "fulfillment:write"}, _work),
    "fulfillment-orders/<str:number>/pack": Api({"POST": "fulfillment:write"}, _work),
    "dropship-orders": Api({"GET": "dropship:read"}),
    "dropship-orders/<str:number>": Api({"GET": "dropship:read"}, _vendor_work),
    **{
        f"dropship-orders/<str:number>/{act}": Api({"POST": "dropship:write"}, _vendor_work)
        for act in ("acknowledgement", "refusal", "shipments")
    },
    "dropship-orders/<str:number>/confirmation": Api(
        {"POST": "dropship:write", "DELETE": "dropship:write"}, _vendor_work
    ),
    "shipments": Api({"GET": "fulfillment:read"}),
    "shipments/<str:number>": Api({"GET": "fulfillment:read"}, _parcel),
    "fulfillment-orders/<str:number>/shipment": Api({"POST": "fulfillment:write"}, _work),
    "fulfillment-orders/<str:number>/arrival": Api({"POST": "fulfillment:write"}, _work),
    "fulfillment-orders/<str:number>/hand-over": Api({"POST": "fulfillment:write"}, _work),
}
