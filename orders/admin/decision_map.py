"""Where the nearest locations of a decision lie: a scatter around the destination, as SVG coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sqrt

from inventory.geo import Point

WIDTH, HEIGHT, EDGE = 320.0, 200.0, 24.0
TOUCH = 15.0  # spots that are nearer to each other than this are one
LEAST = 0.14  # the root of about a mile in degrees: places in one spot do not fill the picture


@dataclass(frozen=True)
class Pin:
    """A location: its number in the list of the nearest, where it is, whether it sends a parcel."""

    number: int
    point: Point
    is_chosen: bool


@dataclass
class Spot:
    """One or more pins that lie together."""

    x: float
    y: float
    numbers: list[int]
    is_chosen: bool

    @property
    def label(self) -> str:
        return ", ".join(map(str, self.numbers))

    @property
    def label_x(self) -> float:
        return self.x + (12 if self.has_room else -12)

    @property
    def label_y(self) -> float:
        return self.y + 4

    @property
    def anchor(self) -> str:
        return "start" if self.has_room else "end"

    @property
    def has_room(self) -> bool:
        return self.x < WIDTH * 0.85


@dataclass(frozen=True)
class Map:
    """What is drawn; `target` is where the order goes, None where nobody knows."""

    spots: list[Spot]
    target: tuple[float, float] | None
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def chosen(self) -> list[Spot]:
        return [spot for spot in self.spots if spot.is_chosen]

    @property
    def diamond(self) -> str:
        """The target's corners."""
        if self.target is None:
            return ""
        x, y = self.target
        return f"{x},{y - 11:.1f} {x + 11:.1f},{y} {x},{y + 11:.1f} {x - 11:.1f},{y}"


def decision_map(pins: Sequence[Pin], target: Point | None) -> Map | None:
    """North is up. Directions from the target are true and distances their roots, so that what is near can be told
    apart. None where nothing has coordinates."""
    if not pins:
        return None
    center = target or pins[0].point
    flat = [_flat(pin.point, center) for pin in pins]
    axes = list(zip((0.0, 0.0), *flat, strict=True))
    middle = [(min(axis) + max(axis)) / 2 for axis in axes]
    wide, high = (max(LEAST, max(axis) - min(axis)) for axis in axes)
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)

    def at(x: float, y: float) -> tuple[float, float]:
        return round(WIDTH / 2 + (x - middle[0]) * scale, 1), round(HEIGHT / 2 - (y - middle[1]) * scale, 1)

    spots: list[Spot] = []
    for pin, where in sorted(zip(pins, flat, strict=True), key=lambda each: not each[0].is_chosen):
        x, y = at(*where)
        for spot in spots:
            if hypot(spot.x - x, spot.y - y) < TOUCH and spot.is_chosen == pin.is_chosen:
                spot.numbers.append(pin.number)
                break
        else:
            spots.append(Spot(x, y, [pin.number], pin.is_chosen))
    return Map(sorted(spots, key=lambda spot: spot.is_chosen), at(0.0, 0.0) if target else None)


def _flat(point: Point, center: Point) -> tuple[float, float]:
    """East and north of the center, as far as the root of the distance in degrees."""
    x, y = (point[1] - center[1]) * cos(radians(center[0])), point[0] - center[0]
    far = sqrt(hypot(x, y))
    return (x / far, y / far) if far else (0.0, 0.0)
