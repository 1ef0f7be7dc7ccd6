"""The few things that a practice store sells. Their barcodes begin with 2, so that no real item ever has one."""

from dataclasses import dataclass, field
from decimal import Decimal

from inventory.gtin import check_digit


@dataclass(frozen=True)
class Good:
    """One item, and where it lies in every practice store."""

    sku: str
    title: str
    category: str
    price: Decimal
    aisle: str
    bin: str
    number: int
    options: dict[str, str] = field(default_factory=dict)
    weight_g: int = 300
    product: str = ""  # several sizes of one thing name the same; else it is a product of its own
    is_here: bool = True  # else only the store next door has it

    @property
    def barcode(self) -> str:
        body = f"2099000{self.number:05}"
        return f"{body}{check_digit(body)}"


TEE, MUG, CAP, LAMP, SOCKS = (
    Good("PRACTICE-TEE", "Crew tee", "Apparel > Tees", Decimal("19.00"), "A", "01-1", 1, {"color": "Red", "size": "M"}),
    Good("PRACTICE-MUG", "Stoneware mug", "Home > Kitchen", Decimal("12.00"), "B", "03-2", 2, {"color": "Blue"}, 450),
    Good("PRACTICE-CAP", "Wool cap", "Apparel > Hats", Decimal("24.00"), "A", "04-1", 3, {"color": "Green"}, 120),
    Good("PRACTICE-LAMP", "Desk lamp", "Home > Lamps", Decimal("59.00"), "C", "02-1", 4, {"color": "Black"}, 1400),
    Good("PRACTICE-SOCKS", "Hiking socks", "Apparel > Socks", Decimal("9.00"), "A", "02-3", 5,
         {"color": "Gray", "size": "L"}, 90),
)  # fmt: skip
BOOT_9, BOOT_10 = (
    Good(f"PRACTICE-BOOT-{size}", "Trail boot", "Apparel > Shoes", Decimal("89.00"), "C", f"05-{n}", 5 + n,
         {"color": "Brown", "size": size}, 900, product="PRACTICE-BOOT", is_here=n == 1)
    for n, size in enumerate(("9", "10"), start=1)
)  # fmt: skip
GOODS = (TEE, MUG, CAP, LAMP, SOCKS, BOOT_9, BOOT_10)
BY_SKU = {good.sku: good for good in GOODS}
UNITS = 500  # of each, in the practice store and next door: nobody runs out of them while practicing
