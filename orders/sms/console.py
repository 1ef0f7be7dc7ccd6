"""Writes texts where the developer looks, as Django's console e-mail does."""

import sys

from orders.sms.port import Sent


class ConsoleSender:
    def send(self, *, to: str, text: str, key: str) -> Sent:
        sys.stdout.write(f"SMS to {to} ({key}): {text}\n")
        sys.stdout.flush()
        return Sent(reference=f"console:{key}")
