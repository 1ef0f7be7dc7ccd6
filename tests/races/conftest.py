"""Races run on real connections: each runner is a thread with a connection of its own."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from omni.core.refusals import Refusal


@pytest.fixture
def race(transactional_db) -> Callable[[int, Callable[[int], object]], Counter[str]]:
    """`race(n, act)` starts act(0) ... act(n-1) at the same moment and counts how they ended: "ok", a refusal's code,
    or the class name of an error."""

    def run(runners: int, act: Callable[[int], object]) -> Counter[str]:
        start, ends = Barrier(runners), [""] * runners

        def runner(n: int) -> None:
            try:
                connection.ensure_connection()
                start.wait(timeout=20)
                answer = act(n)
                ends[n] = answer if isinstance(answer, str) else "ok"
            except Refusal as refusal:
                ends[n] = refusal.code
            except Exception as error:  # noqa: BLE001 - the test looks at what came out
                ends[n] = type(error).__name__
            finally:
                connections.close_all()

        threads = [Thread(target=runner, args=(n,)) for n in range(runners)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in threads), "a runner hangs"
        return Counter(ends)

    return run
