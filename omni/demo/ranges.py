"""What the chain sells, as families: the words of their titles, their options, sizes and prices."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Family:
    """Products of one kind. `share` is their part of the catalog, in parts of all shares."""

    category: str
    nouns: tuple[str, ...]
    lines: tuple[str, ...]
    share: int
    price: tuple[int, int]  # dollars, from and to
    weight_g: tuple[int, int]
    size_mm: tuple[int, int, int]
    aisles: str
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    option_counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    brands: tuple[str, ...] = ("Larkmoor",)
    is_serial_tracked: bool = False
    is_hazmat: bool = False
    is_age_restricted: bool = False
    packs_of: int = 1
    from_vendor: bool = False


APPAREL_LINES = (
    "Harbor", "Prairie", "Juniper", "Aldine", "Sandhill", "Lowell", "Birchwood", "Marlin", "Tamarack", "Osprey",
    "Clover", "Bluff", "Hollis", "Fjord", "Sienna", "Wicker",
)  # fmt: skip
COLORS = ("Black", "White", "Sand", "Navy", "Moss", "Rust", "Heather gray", "Plum", "Sky", "Ochre")
SIZES = ("XS", "S", "M", "L", "XL", "XXL")
TECH = ("Voltera", "Nimbus Audio", "Kestrel", "Ohmworks", "Pixelwright")
TECH_LINES = ("One", "Duo", "Air", "Pro", "Mini", "Flex", "Core", "Edge", "Studio", "Go", "Max", "Lite", "360", "Trail")
HOME = ("Larkmoor Home", "Stonecrop", "Hearth & Hollow", "Tidewater")
HOME_LINES = (
    "Alder", "Basil", "Cove", "Dune", "Ember", "Fern", "Grove", "Hazel", "Iris", "Lichen", "Maple", "Nettle",
    "Olive", "Pine", "Quarry", "Reed", "Sage", "Thistle",
)  # fmt: skip

SIZED = {"size": (4, 5), "color": (1, 2)}
FAMILIES = [
    Family("Apparel > Shirts", ("linen shirt", "oxford shirt", "flannel shirt", "poplin blouse"), APPAREL_LINES, 8,
           (29, 69), (180, 320), (300, 220, 30), "AB", {"size": SIZES, "color": COLORS}, SIZED),
    Family("Apparel > T-shirts", ("crew tee", "pocket tee", "long-sleeve tee"), APPAREL_LINES, 6,
           (12, 29), (120, 220), (260, 200, 20), "AB", {"size": SIZES, "color": COLORS}, SIZED),
    Family("Apparel > Knitwear", ("merino sweater", "cable cardigan", "fleece hoodie"), APPAREL_LINES, 5,
           (49, 129), (350, 650), (320, 260, 70), "BC", {"size": SIZES, "color": COLORS}, SIZED),
    Family("Apparel > Trousers", ("chino", "denim jean", "jogger"), APPAREL_LINES, 5,
           (39, 99), (400, 700), (320, 260, 50), "BC",
           {"waist": ("28", "30", "32", "34", "36", "38"), "color": COLORS[:6]},
           {"waist": (4, 6), "color": (1, 1)}),
    Family("Apparel > Socks", ("hiking socks", "dress socks", "ankle socks"), APPAREL_LINES, 2,
           (6, 18), (50, 110), (180, 90, 25), "C", {"size": ("S/M", "L/XL"), "color": COLORS[:5]},
           {"size": (2, 2), "color": (1, 3)}, packs_of=6),
    Family("Apparel > Shoes", ("canvas sneaker", "trail runner", "chelsea boot"), APPAREL_LINES, 3,
           (59, 159), (700, 1300), (330, 210, 120), "C",
           {"size": ("7", "8", "9", "10", "11", "12"), "color": COLORS[:4]},
           {"size": (4, 6), "color": (1, 2)}),
    Family("Electronics > Headphones", ("wireless earbuds", "over-ear headphones"), TECH_LINES, 5,
           (39, 349), (60, 420), (190, 170, 80), "D", {"color": ("Black", "White", "Blue")}, {"color": (1, 3)}, TECH,
           is_serial_tracked=True),
    Family("Electronics > Speakers", ("portable speaker", "bookshelf speaker", "soundbar"), TECH_LINES, 5,
           (49, 449), (500, 3800), (320, 160, 140), "D", {"color": ("Black", "Gray")}, {"color": (1, 2)}, TECH,
           is_serial_tracked=True),
    Family("Electronics > Power", ("power bank", "camping battery"), TECH_LINES, 4,
           (19, 129), (200, 1200), (150, 80, 30), "E",
           {"capacity": ("10,000 mAh", "20,000 mAh")}, {"capacity": (1, 2)},
           TECH, is_hazmat=True),
    Family("Electronics > Cables", ("USB-C cable", "HDMI cable", "charging cable"), TECH_LINES, 6,
           (7, 39), (30, 160), (120, 80, 25), "E",
           {"length": ("1 m", "2 m", "3 m")}, {"length": (1, 3)}, TECH, packs_of=12),
    Family("Electronics > Smart home", ("smart plug", "video doorbell", "thermostat", "motion sensor"), TECH_LINES, 6,
           (15, 229), (90, 600), (120, 100, 70), "E", {}, {}, TECH, is_serial_tracked=True),
    Family("Electronics > Computing", ("keyboard", "trackball", "webcam", "monitor stand", "tablet"), TECH_LINES, 7,
           (25, 599), (200, 1900), (420, 180, 60), "F", {}, {}, TECH, is_serial_tracked=True),
    Family("Home > Bedding", ("duvet cover", "sheet set", "quilt"), HOME_LINES, 6,
           (39, 179), (900, 2600), (400, 320, 120), "G",
           {"size": ("Twin", "Full", "Queen", "King"), "color": COLORS[1:6]},
           {"size": (2, 4), "color": (1, 2)}, HOME),
    Family("Home > Bath", ("bath towel", "bath mat", "shower curtain"), HOME_LINES, 5,
           (12, 49), (300, 900), (350, 280, 80), "G", {"color": COLORS}, {"color": (2, 4)}, HOME),
    Family("Home > Kitchen", ("saucepan", "cutting board", "pour-over kettle", "mixing bowl", "storage jar"),
           HOME_LINES, 7,
           (9, 119), (250, 2400), (300, 240, 160), "H",
           {"size": ("Small", "Medium", "Large")}, {"size": (1, 3)}, HOME),
    Family("Home > Knives", ("chef's knife", "paring knife", "carving set"), HOME_LINES, 2,
           (19, 189), (120, 900), (340, 80, 35), "H", {}, {}, HOME, is_age_restricted=True),
    Family("Home > Candles", ("soy candle", "reed diffuser"), HOME_LINES, 4,
           (14, 39), (300, 600), (100, 100, 120), "J",
           {"scent": ("Cedar", "Fig", "Linen", "Citrus")}, {"scent": (1, 4)},
           HOME, is_hazmat=True, packs_of=6),
    Family("Home > Tableware", ("stoneware mug", "dinner plate", "tumbler"), HOME_LINES, 5,
           (7, 24), (250, 600), (120, 120, 110), "J", {"color": COLORS[:6]}, {"color": (1, 4)}, HOME, packs_of=6),
    Family("Home > Furniture", ("side table", "lounge chair", "bookcase", "bench"), HOME_LINES, 5,
           (129, 899), (6000, 42000), (1200, 600, 500), "K",
           {"finish": ("Oak", "Walnut", "Black")}, {"finish": (1, 3)},
           HOME, from_vendor=True),
]  # fmt: skip
