"""Measured figures and how they are printed: one aligned table that can be pasted into a document."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured number as it is told; `number` is for machines."""

    name: str
    told: str
    number: float


@dataclass
class Subject:
    """What was measured, under which conditions, and what came out."""

    title: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, number: float, unit: str = "", *, digits: int = 0) -> None:
        """Keep one figure: `1,234 ms`."""
        self.figures.append(Figure(name, f"{number:,.{digits}f} {unit}".rstrip(), round(number, 4)))

    def add_times(self, name: str, seconds: Sequence[float]) -> None:
        """Keep the middle and the slow end of many durations."""
        self.add(f"{name}, p50", percentile(seconds, 50) * 1000, "ms", digits=1)
        self.add(f"{name}, p95", percentile(seconds, 95) * 1000, "ms", digits=1)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def table(circumstances: dict[str, str], subjects: Sequence[Subject]) -> str:
    """Circumstances first, then each subject with its figures in one column."""
    wide = max((len(figure.name) for subject in subjects for figure in subject.figures), default=0)
    label = max(len(name) for name in circumstances)
    lines = [f"{name:<{label}}  {value}" for name, value in circumstances.items()]
    for subject in subjects:
        lines += ["", subject.title]
        lines += [f"  {figure.name:<{wide}}  {figure.told:>14}" for figure in subject.figures]
    return "\n".join(lines)


def as_json(circumstances: dict[str, str], subjects: Sequence[Subject]) -> dict[str, Any]:
    """The same for machines."""
    return {"circumstances": circumstances, "subjects": [asdict(subject) for subject in subjects]}
