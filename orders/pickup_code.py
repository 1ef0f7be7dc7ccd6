"""The code a customer shows at the desk: derived from a seed of the order; what is stored is its digest."""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

LENGTH = 8


def pickup_code(seed: UUID, key: str | None = None) -> str:
    """Eight characters without look-alikes, the same each time (HMAC-SHA256 under `key`, the secret key by default)."""
    secret = settings.SECRET_KEY if key is None else key
    mac = hmac.new(secret.encode(), f"pickup-code:{seed}".encode(), hashlib.sha256).digest()
    # Crockford's alphabet: no I, L, O, U, so that it can be read out on the phone.
    table = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    return base64.b32encode(mac)[:LENGTH].decode().translate(table)


def code_of(seed: UUID, stored: str) -> str:
    """The code whose digest is `stored`: an order placed before the secret key changed keeps its code, as long as the
    old key stands in SECRET_KEY_FALLBACKS."""
    codes = [pickup_code(seed, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return next((code for code in codes if digest(code) == stored), codes[0])


def digest(code: str) -> str:
    """What is stored of a code as typed or scanned; look-alikes read as what they were meant to be."""
    clean = code.strip().upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
    return hashlib.sha256(f"pickup-code:{clean}".encode()).hexdigest()
