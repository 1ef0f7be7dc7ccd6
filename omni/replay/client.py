"""A shop's client: one request per order, sent again with the same key until there is a real answer."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from omni.replay.recorded import Recorded

TRIES = 8
AGAIN = {429, 502, 503, 504}
LONGEST_WAIT = 30.0  # seconds


@dataclass(frozen=True)
class Sent:
    """What became of one order. `status` 0: nobody answered in any of the tries."""

    reference: str
    status: int
    code: str
    seconds: float
    tries: int
    is_replay: bool


class Client:
    """One connection of the shop."""

    def __init__(self, *, url: str, key: str, wait: Callable[[float], None] = time.sleep) -> None:
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60)
        self._wait = wait

    def close(self) -> None:
        self._http.close()

    def place(self, order: Recorded) -> Sent:
        """Place the order; a connection that breaks, 409 in_progress, 429 and 503 are tried again after a while."""
        began = time.monotonic()
        response = None
        for tried in range(1, TRIES + 1):
            response = self._post(order)
            if response is not None and not _is_worth_another_try(response):
                return _sent(order, response, began, tried)
            self._wait(_pause(response, tried))
        if response is None:
            return Sent(order.reference, 0, "no_answer", time.monotonic() - began, TRIES, False)
        return _sent(order, response, began, TRIES)

    def _post(self, order: Recorded) -> httpx.Response | None:
        try:
            # The key follows from the order: whatever happens to this process, it never places it twice.
            return self._http.post(
                "/api/v1/orders", json=order.body, headers={"Idempotency-Key": f"replay-{order.reference}"}
            )
        except httpx.TransportError:
            return None


def _is_worth_another_try(response: httpx.Response) -> bool:
    return response.status_code in AGAIN or (response.status_code == 409 and _code(response) == "in_progress")


def _pause(response: httpx.Response | None, tried: int) -> float:
    """What the server asks for, else longer each time and never at the same moment as the others."""
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    if asked.isdigit():
        return min(float(asked), LONGEST_WAIT)
    return random.uniform(0.1, min(LONGEST_WAIT, 0.2 * 2**tried))


def _sent(order: Recorded, response: httpx.Response, began: float, tries: int) -> Sent:
    return Sent(
        order.reference, response.status_code, "" if response.is_success else _code(response),
        time.monotonic() - began, tries, response.headers.get("Idempotency-Replayed") == "true",
    )  # fmt: skip


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json().get("code", response.status_code))
    except ValueError:
        return str(response.status_code)
