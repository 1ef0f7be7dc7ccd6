from returns.models.disposition import Disposition, Grade
from returns.models.exchange import Exchange
from returns.models.payout import Payout
from returns.models.reason import ReturnReason
from returns.models.regrade import Regrade
from returns.models.return_label import ReturnLabel
from returns.models.return_order import ReturnOrder
from returns.models.return_policy import ReturnPolicy
from returns.models.return_unit import ReturnUnit

__all__ = [
    "Disposition", "Exchange", "Grade", "Payout", "Regrade", "ReturnLabel", "ReturnOrder", "ReturnPolicy",
    "ReturnReason", "ReturnUnit",
]  # fmt: skip
