"""Weights and sizes in the customs of a location: pounds and inches in the United States, metric elsewhere."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Units:
    """What a place weighs and measures in; we keep grams and millimeters."""

    weight: str
    length: str
    grams: Decimal
    mm: Decimal

    def to_grams(self, value: Decimal) -> int:
        return round(value * self.grams)

    def to_mm(self, value: Decimal) -> int:
        return round(value * self.mm)

    def weight_value(self, grams: int) -> Decimal:
        """To a hundredth."""
        return (Decimal(grams) / self.grams).quantize(Decimal("0.01"))

    def length_value(self, mm: int) -> Decimal:
        """To a tenth."""
        return (Decimal(mm) / self.mm).quantize(Decimal("0.1"))

    def weight_words(self, grams: int | None) -> str:
        return f"{self.weight_value(grams)} {self.weight}" if grams is not None else ""

    def size_words(self, size: tuple[int, int, int] | None) -> str:
        """ "15.7 × 11.8 × 7.9 in" """
        return " × ".join(str(self.length_value(side)) for side in size) + f" {self.length}" if size else ""


IMPERIAL = Units("lb", "in", Decimal("453.59237"), Decimal("25.4"))
METRIC = Units("kg", "cm", Decimal(1000), Decimal(10))


def units_of(country: str) -> Units:
    """By ISO country code."""
    return IMPERIAL if country in {"US", "LR", "MM"} else METRIC
