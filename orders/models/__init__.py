from orders.models.age_refusal import AgeRefusal
from orders.models.arrival import Arrival
from orders.models.basket import Basket, BasketLine, BasketPiece
from orders.models.carton import Carton
from orders.models.choice import PickupChoice
from orders.models.dropship import Confirmation, Partner, PartnerAlarm, PartnerOrder
from orders.models.exception import OrderException
from orders.models.exclusion import Exclusion
from orders.models.fulfillment_order import FulfillmentLine, FulfillmentOrder
from orders.models.hand_over import HandOver
from orders.models.label import Label, LabelDocument, SimulatedLabel
from orders.models.lost_sale import LostSale
from orders.models.manifest import Manifest
from orders.models.message import Message
from orders.models.order import Order
from orders.models.order_kit import OrderKit
from orders.models.order_line import OrderLine
from orders.models.payment import Capture, Payment
from orders.models.payment_intent import PaymentIntent
from orders.models.pick_list import PickHelper, PickList, PickScan
from orders.models.price_set import PriceSet
from orders.models.promotion import PriceQuote, Promotion, TaxRate
from orders.models.refund import Refund
from orders.models.reliability import Reliability
from orders.models.routing_costs import CostParameters, Tariff
from orders.models.routing_decision import RoutingDecision, RoutingOutcome
from orders.models.routing_frontier import RoutingFrontier
from orders.models.routing_replay import RoutingReplay, RoutingReplayOrder
from orders.models.routing_rules import RuleFilter, RulePrice, RuleSet, RuleStep
from orders.models.routing_run import RoutingRun
from orders.models.serial import SerialNumber
from orders.models.shipment import PackScan, Shipment, ShipmentLine
from orders.models.terminal import TerminalCall
from orders.models.tracking import TrackingEvent

__all__ = [
    "AgeRefusal",
    "Arrival",
    "Basket",
    "BasketLine",
    "BasketPiece",
    "Capture",
    "Carton",
    "Confirmation",
    "CostParameters",
    "Exclusion",
    "FulfillmentLine",
    "FulfillmentOrder",
    "HandOver",
    "Label",
    "LabelDocument",
    "LostSale",
    "Manifest",
    "Message",
    "Order",
    "OrderException",
    "OrderKit",
    "OrderLine",
    "PackScan",
    "Partner",
    "PartnerAlarm",
    "PartnerOrder",
    "Payment",
    "PaymentIntent",
    "PickHelper",
    "PickList",
    "PickScan",
    "PickupChoice",
    "PriceQuote",
    "PriceSet",
    "Promotion",
    "Refund",
    "Reliability",
    "RoutingDecision",
    "RoutingFrontier",
    "RoutingOutcome",
    "RoutingReplay",
    "RoutingReplayOrder",
    "RoutingRun",
    "RuleFilter",
    "RulePrice",
    "RuleSet",
    "RuleStep",
    "SerialNumber",
    "Shipment",
    "ShipmentLine",
    "SimulatedLabel",
    "Tariff",
    "TaxRate",
    "TerminalCall",
    "TrackingEvent",
]  # fmt: skip
