"""What an adapter for text messages must do."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Sent:
    """The provider's word that it has taken the text."""

    reference: str


class SmsRefused(Exception):
    """The provider will never take this text: the number is wrong, or its owner said STOP."""


class SmsSender(Protocol):
    def send(self, *, to: str, text: str, key: str) -> Sent:
        """Send `text` to an E.164 number. The same `key` again answers the same and sends nothing.

        Raises SmsRefused for good, and any other exception where the outcome is unknown or the provider is away: the
        caller asks again with the key.
        """
