from inventory.models.adjustment import Adjustment
from inventory.models.adjustment_limit import AdjustmentLimit
from inventory.models.applied_event import AppliedEvent
from inventory.models.availability_rule import AvailabilityRule
from inventory.models.capacity import LocationDay
from inventory.models.closure import Closure
from inventory.models.confidence_model import ConfidenceEffect, ConfidenceModel
from inventory.models.count_line import CountLine
from inventory.models.count_scan import CountScan
from inventory.models.count_session import CountArea, CountSession
from inventory.models.cycle_count import CountPlan, CycleCount
from inventory.models.delivery import Carton, CartonItem, Delivery, DeliveryLine
from inventory.models.drift import Drift
from inventory.models.feed import Feed
from inventory.models.feed_lag import FeedLag
from inventory.models.group import LocationGroup
from inventory.models.held import Bucket, StockHeld
from inventory.models.hold import Hold
from inventory.models.kit import KitComponent
from inventory.models.location import Location
from inventory.models.location_set import LocationSet
from inventory.models.movement import StockMovement
from inventory.models.movement_file import MovementFile, MovementProblem
from inventory.models.off_shelf import OffShelf
from inventory.models.pick_visit import PickVisit
from inventory.models.product import Barcode, Price, Product, Variant
from inventory.models.purchase_order import PurchaseOrder, PurchaseOrderLine
from inventory.models.put_back import PutBack
from inventory.models.reason import ReasonCode
from inventory.models.receipt import ReceiptScan, ReceivedUnits
from inventory.models.reservation import Reservation
from inventory.models.sales_rate import SalesRate
from inventory.models.search_word import SearchWord
from inventory.models.shelf_sign import ShelfSign, SignsKnown
from inventory.models.snapshot import Snapshot, SnapshotProblem, SnapshotRow
from inventory.models.stock_change import ChangeLag, ShelfNews, StockChange
from inventory.models.stock_level import StockLevel
from inventory.models.supply import SupplyPromise, SupplyTerm
from inventory.models.transfer import Transfer
from inventory.models.transfer_line import TransferLine
from inventory.models.transfer_scan import TransferScan

__all__ = [
    "Adjustment", "AdjustmentLimit", "AppliedEvent", "AvailabilityRule", "Barcode", "Bucket", "Carton", "CartonItem",
    "ChangeLag", "Closure", "ConfidenceEffect", "ConfidenceModel", "CountArea", "CountLine", "CountPlan", "CountScan",
    "CountSession", "CycleCount", "Delivery", "DeliveryLine", "Drift", "Feed", "FeedLag", "Hold", "KitComponent",
    "Location", "LocationDay", "LocationGroup", "LocationSet", "MovementFile", "MovementProblem", "OffShelf",
    "PickVisit", "Price", "Product", "PurchaseOrder", "PurchaseOrderLine", "PutBack", "ReasonCode", "ReceiptScan",
    "ReceivedUnits", "Reservation", "SalesRate", "SearchWord", "ShelfNews", "ShelfSign", "SignsKnown", "Snapshot",
    "SnapshotProblem", "SnapshotRow", "StockChange", "StockHeld", "StockLevel", "StockMovement", "SupplyPromise",
    "SupplyTerm", "Transfer", "TransferLine", "TransferScan", "Variant",
]  # fmt: skip
