"""When to try again."""

import random
from datetime import timedelta

MOST_ATTEMPTS = 12
FIRST = timedelta(seconds=1)
LONGEST = timedelta(minutes=30)


def again_in(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None where it is time to give up.

    Full jitter (a random share of an exponentially growing bound), so that a thousand failures do not come back
    in the same second: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    bound = min(LONGEST, FIRST * 2**attempts)
    return bound * random.random()


def told(error: BaseException) -> str:
    """An error as HQ reads it: its class and its message."""
    return f"{type(error).__name__}: {error}"[:1000]
