"""Work of which there may be one at a time, whichever process begins it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_at_a_time(key: int) -> Iterator[bool]:
    """Whether it is ours to do; nobody waits.

    A lock of the connection, not of a transaction: it goes with whoever holds it, however they end. Each `key` is one
    number of 64 bits in the whole database.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
