"""What a radio tag says: SGTIN-96, read by the partition table of GS1's EPC Tag Data Standard (section 14.6.1)."""

from dataclasses import dataclass

HEADER = 0x30
# partition -> bits and digits of the company prefix, bits and digits of indicator and item reference
PARTITIONS = {
    0: (40, 12, 4, 1), 1: (37, 11, 7, 2), 2: (34, 10, 10, 3), 3: (30, 9, 14, 4), 4: (27, 8, 17, 5), 5: (24, 7, 20, 6),
    6: (20, 6, 24, 7),
}  # fmt: skip


@dataclass(frozen=True)
class Tag:
    """One tag on one unit."""

    epc: str
    gtin: str
    serial: int


def decode(text: str) -> Tag | None:
    """The GTIN-14 and serial number of an SGTIN-96 in 24 hexadecimal digits; None for anything else."""
    epc = text.strip().upper()
    try:
        value = int(epc, 16) if len(epc) == 24 and epc.isalnum() else -1
    except ValueError:
        return None
    if value < 0 or value >> 88 != HEADER or (partition := value >> 82 & 0b111) not in PARTITIONS:
        return None
    prefix_bits, prefix_digits, item_bits, item_digits = PARTITIONS[partition]
    prefix = value >> 82 - prefix_bits & (1 << prefix_bits) - 1
    item = value >> 38 & (1 << item_bits) - 1
    if prefix >= 10**prefix_digits or item >= 10**item_digits:
        return None
    reference = f"{item:0{item_digits}}"
    digits = reference[0] + f"{prefix:0{prefix_digits}}" + reference[1:]
    return Tag(epc, digits + check_digit(digits), value & (1 << 38) - 1)


def check_digit(digits: str) -> str:
    """Of the 13 digits before it; weights 3 and 1 in turn."""
    total = sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(digits))
    return str(-total % 10)
