"""What the house asks of whoever moves card money, and what may come back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

DUPLICATE = "duplicate"  # the provider took an earlier call for the same: only a look-up tells what became of it


@dataclass(frozen=True)
class Approved:
    """The provider did it. `reference` names the result at the provider: keep it, show it, look for it there."""

    reference: str
    amount: Decimal
    currency: str
    brand: str = ""
    last4: str = ""


@dataclass(frozen=True)
class Declined:
    """The provider will not do it; `reason` is a sentence for the person who asked, `code` a word for machines."""

    reason: str
    code: str = "declined"


Answer = Approved | Declined


@dataclass(frozen=True)
class Heard:
    """The provider says by itself that something became of the authorization `reference`, or of the call with `key`.

    It is a reason to look up, not an answer.
    """

    reference: str
    key: str = ""


class OutcomeUnknown(Exception):
    """No answer came, or none that can be believed: the money may have moved. Look up with the same key."""


class PaymentGateway(Protocol):
    """Every call carries a key of ours: the same key again answers the same and moves nothing twice.

    All may raise OutcomeUnknown. None of them is called inside a transaction.
    """

    def authorize(self, *, amount: Decimal, currency: str, key: str) -> Answer:
        """Have the customer's card present `amount`; nothing is taken yet."""

    def capture(self, *, reference: str, amount: Decimal, currency: str, key: str) -> Answer:
        """Take a part of the authorization `reference`; the rest stays authorized."""

    def void(self, *, reference: str, currency: str, key: str) -> Answer:
        """Release what of the authorization was not captured."""

    def refund(self, *, reference: str, amount: Decimal, currency: str, key: str) -> Answer:
        """Give back a part of what was captured of the authorization `reference`."""

    def look_up(self, *, key: str, reference: str = "") -> Answer | None:
        """What became of the call with this key (on the authorization `reference`, where it had one).

        None: the provider knows of no such call. It may be made again, with the same key.
        """
