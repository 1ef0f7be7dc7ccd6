"""The accepted scan: what is on the desk is taken in and paid back, in one act."""

from collections.abc import Mapping
from datetime import datetime

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from returns.models import Payout
from returns.operations.pay_back import pay_back
from returns.operations.receive import Looked, receive


@retried
@operation
def take_in_hand(
    *, rma_number: int, looked: Mapping[int, Looked], location: Location, by: Actor, now: datetime,
    approved_by: Actor | None = None, to: str = "", till_reference: str = "",
) -> Payout | None:  # fmt: skip
    """Receive these units and refund everything that is here; all of it, or nothing."""
    if looked:
        receive(rma_number=rma_number, looked=looked, location=location, by=by, now=now)
    return pay_back(rma_number=rma_number, by=by, now=now, approved_by=approved_by, to=to,
                    till_reference=till_reference)  # fmt: skip
