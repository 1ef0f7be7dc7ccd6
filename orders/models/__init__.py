from orders.models.basket import Basket, BasketLine
from orders.models.choice import PickupChoice
from orders.models.exception import OrderException
from orders.models.exclusion import Exclusion
from orders.models.fulfillment_order import FulfillmentLine, FulfillmentOrder
from orders.models.hand_over import HandOver
from orders.models.lost_sale import LostSale
from orders.models.message import Message
from orders.models.order import Order
from orders.models.order_line import OrderLine
from orders.models.payment import Capture, Payment
from orders.models.pick_list import PickList, PickScan
from orders.models.serial import SerialNumber

__all__ = [
    "Basket", "BasketLine", "Capture", "Exclusion", "FulfillmentLine", "FulfillmentOrder", "HandOver", "LostSale",
    "Message", "Order", "OrderException", "OrderLine", "Payment", "PickList", "PickScan", "PickupChoice",
    "SerialNumber",
]  # fmt: skip
