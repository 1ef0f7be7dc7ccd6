"""Send a stream with some workers, in its order, and keep count of the answers."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import quantiles

from omni.replay.client import Client, Sent
from omni.replay.recorded import Recorded

TELL_EVERY = 2.0  # seconds


@dataclass
class Summary:
    """What a replay came to."""

    placed: int = 0
    known: int = 0  # answered with the order that was there before
    replays: int = 0  # answered from the kept answer of the same key
    retried: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def sent(self) -> int:
        return len(self.latencies)

    @property
    def per_second(self) -> float:
        return self.sent / self.seconds if self.seconds else 0.0

    def add(self, sent: Sent) -> None:
        self.latencies.append(sent.seconds)
        self.retried += sent.tries > 1
        self.replays += sent.is_replay
        if sent.status == 201:
            self.placed += not sent.is_replay
        elif sent.status == 200:
            self.known += 1
        else:
            self.refused[f"{sent.status} {sent.code}"] += 1

    def percentile(self, which: int) -> float:
        """Seconds within which so many percent of the answers came."""
        if len(self.latencies) < 2:
            return max(self.latencies, default=0.0)
        return quantiles(self.latencies, n=100)[which - 1]


def replay(
    stream: Sequence[Recorded], *, new_client: Callable[[], Client], workers: int, nervous: int,
    tell: Callable[[Summary], None],
) -> Summary:  # fmt: skip
    """Send every order once, and each `nervous`-th (0: none) a second time, as a client that saw no answer does."""
    summary, lock, began = Summary(), threading.Lock(), time.monotonic()
    orders = _twice_now_and_then(stream, nervous)
    troubles: list[BaseException] = []

    def work() -> None:
        client = new_client()
        try:
            while (order := _next(orders, lock)) is not None:
                sent = client.place(order)
                with lock:
                    summary.add(sent)
        except BaseException as trouble:
            troubles.append(trouble)
            raise
        finally:
            client.close()

    threads = [threading.Thread(target=work, daemon=True) for _worker in range(workers)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        next(thread for thread in threads if thread.is_alive()).join(TELL_EVERY)
        summary.seconds = time.monotonic() - began
        tell(summary)
    if troubles:
        raise troubles[0]
    return summary


def _twice_now_and_then(stream: Sequence[Recorded], nervous: int) -> Iterator[Recorded]:
    for n, order in enumerate(stream, start=1):
        yield order
        if nervous and n % nervous == 0:
            yield order


def _next(orders: Iterator[Recorded], lock: threading.Lock) -> Recorded | None:
    with lock:
        return next(orders, None)
