"""The routing benchmark: each day made by its generator, planned, scored by its scorer, beside certified bounds.

python -m tests.bench.routing ["20000 normal" ...]
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT.parent / "shared" / "bench" / "routing"
DAYS = ("20000 normal", "20000 peak", "100000 normal", "100000 peak")


def main() -> None:
    """Print one line for each day."""
    if not BENCH.is_dir():
        sys.exit(f"No routing benchmark beside the project at {BENCH}.")
    bounds = json.loads((BENCH / "bounds.json").read_text())
    with TemporaryDirectory() as room:
        for day in sys.argv[1:] or DAYS:
            orders, load = day.split()
            told = planned(Path(room), orders, load, bounds[f"orders={orders} load={load} seed=1 day=0"])
            sys.stdout.write(f"{orders} {load}: {told}\n")
            sys.stdout.flush()


def planned(room: Path, orders: str, load: str, bound: float) -> str:
    """Make, plan and score one day; raises CalledProcessError where the plan takes more than there is."""
    instance, assignment = room / "day.npz", room / "plan.npy"
    run(BENCH / "instances.py", instance, "--orders", orders, "--load", load)
    told = run("-m", "orders.routing.bench", instance, assignment, "--bound")
    score = dict(
        line.split(": ") for line in run(BENCH / "score.py", instance, assignment, "--bound", bound).splitlines()
    )
    took = re.sub(r"^\d+ orders, ", "", told.strip())
    own = float(re.search(r"less than ([\d.]+)", told)[1])  # type: ignore[index]
    within = 100 * (float(score["dollars_per_order"]) / own - 1)
    gap, out = float(score["gap_percent"]), float(score["unserved_lines"])
    return f"gap {gap:.3f} %, within {within:.3f} % by the engine's own bound, {out:.4%} unserved; {took}"


def run(*command: object) -> str:
    """What a script of this Python says."""
    words = [sys.executable, *map(str, command)]
    return subprocess.run(words, check=True, capture_output=True, text=True, cwd=ROOT).stdout


if __name__ == "__main__":
    main()
