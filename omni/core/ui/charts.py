"""Points of small charts: numbers in, SVG coordinates out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

WIDTH, HEIGHT, EDGE = 100.0, 40.0, 3.0


@dataclass(frozen=True)
class Line:
    """A trend: its line, the area below, the last point, where the goal lies, and the largest and smallest number."""

    points: str
    area: str
    end_y: str
    goal_y: str
    high: float
    low: float


def line(values: Sequence[float], *, goal: float | None = None) -> Line:
    """Place values in a 100 x 40 box; the goal is always inside it, so that distance to it shows."""
    numbers = [float(value) for value in values]
    marks = [*numbers, float(goal)] if goal is not None else numbers
    low, high = min(marks), max(marks)
    step = WIDTH / max(1, len(numbers) - 1)
    spots = [f"{_n(at * step)},{_n(_y(value, low=low, high=high))}" for at, value in enumerate(numbers)]
    if len(spots) == 1:
        spots.append(f"{_n(WIDTH)},{spots[0].split(',')[1]}")
    return Line(
        points=" ".join(spots),
        area=f"0,{_n(HEIGHT)} {' '.join(spots)} {_n(WIDTH)},{_n(HEIGHT)}",
        end_y=spots[-1].split(",")[1],
        goal_y=_n(_y(float(goal), low=low, high=high)) if goal is not None else "",
        high=high,
        low=low,
    )


@dataclass(frozen=True)
class Column:
    """One column of a histogram."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Stack:
    """One column and the part of it that is done."""

    whole: Column
    part: Column


def stacks(wholes: Sequence[float], parts: Sequence[float]) -> list[Stack]:
    """Stand wholes side by side, each with its part from the zero line up, on one scale."""
    top = max([*wholes, 0]) or 1
    drawn = [columns([value, top]) for value in parts]  # the second column only keeps the scale
    return [
        Stack(whole, Column(x=whole.x, y=part.y, width=whole.width, height=part.height))
        for whole, (part, _scale) in zip(columns(wholes), drawn, strict=True)
    ]


def slot(index: float, count: int) -> str:
    """The middle of a column, as an SVG coordinate."""
    return _n((index + 0.5) * WIDTH / max(1, count))


def highest(values: Sequence[float]) -> float:
    """What the highest column stands for."""
    return float(max([*values, 0]))


def columns(values: Sequence[float]) -> list[Column]:
    """Stand values side by side from a zero line, a fifth of each slot left free."""
    slot = WIDTH / max(1, len(values))
    top = highest(values) or 1
    return [
        Column(
            x=_n(at * slot + slot * 0.1),
            y=_n(HEIGHT - HEIGHT * value / top),
            width=_n(slot * 0.8),
            height=_n(HEIGHT * value / top),
        )
        for at, value in enumerate(values)
    ]


def round_steps(low: float, high: float, *, most: int) -> list[int]:
    """Whole numbers from low to high, as far apart as people count: by 1, 2 or 5, 10, 20 or 50, and so on; not more
    than `most` of these steps."""
    step = 1
    while (high - low) / step > most:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(ceil(low / step) * step, floor(high / step) * step + 1, step))


def share(value: float, whole: float) -> str:
    """Give a part of a whole as an SVG length, never beyond the whole."""
    if not whole:
        return "0%"
    return f"{_n(max(0.0, min(100.0, 100 * float(value) / float(whole))))}%"


def _y(value: float, *, low: float, high: float) -> float:
    if high == low:
        return HEIGHT / 2
    return HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE)


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
