"""What one order says to the database, word for word, as the site's request makes it say it."""

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from omni.bench.bodies import Wish, body

AROUND = {"BEGIN", "COMMIT"}
CREATED = 201


class Site:
    """The web shop inside this process: same request, same code, and every statement is seen."""

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {token}", "host": "127.0.0.1"})

    def order(self, wish: Wish) -> dict[str, Any]:
        """Place an order; anything but 201 is an error of the bench."""
        answer = self.client.post(
            "/api/v1/orders",
            data=json.dumps(body(wish)),
            content_type="application/json",
            headers={"idempotency-key": f"bench-{wish.reference}"},
        )
        if answer.status_code != CREATED:
            raise RuntimeError(f"{answer.status_code} {answer.content.decode()[:500]}")
        return answer.json()

    def said(self, wish: Wish) -> list[str]:
        """Place an order and tell what was said to the database, BEGIN and COMMIT included."""
        with CaptureQueriesContext(connection) as recorded:
            self.order(wish)
        return [query["sql"].strip() for query in recorded.captured_queries]


def counted(statements: list[str]) -> int:
    """Statements beside BEGIN and COMMIT."""
    return sum(statement not in AROUND for statement in statements)
