"""One outline per kind of product on a 48 x 48 grid: people would rather look than read."""
# ruff: noqa: E501 - a path is drawn, not read

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Glyph:
    """`body` is filled with the product's color, `detail` is a line on it, `beside` a line next to it."""

    body: str
    detail: str = ""
    beside: str = ""


def glyph_for(*words: str) -> Glyph:
    """Choose the outline of a product by the kind named last, most precise first; a box where nothing fits."""
    text = f" {re.sub('[^a-z]+', ' ', ' '.join(words).lower())} "
    hits = [(text.rfind(word) + len(word), len(word), name) for word, name in KEYWORDS if word in text]
    return GLYPHS[max(hits)[2]] if hits else GLYPHS["box"]


GLYPHS = {
    "tee": Glyph("M17 9 7 14l3 9 5-2v19h18V21l5 2 3-9-10-5c-2 4-12 4-14 0z"),
    "shirt": Glyph("M18 8 9 12 6 34l6 1 3-11v16h18V24l3 11 6-1-3-22-9-4-6 6z", "M24 14v26M18 8l6 6 6-6M24 21h.01M24 28h.01"),
    "sweater": Glyph("M17 9 9 13 5 35l7 2 3-12v15h18V25l3 12 7-2-4-22-8-4c-2 4-12 4-14 0z", "M15 36h18M5.5 32l7 2M42.5 32l-7 2"),
    "jacket": Glyph("M17 8 8 12 5 36h8v4h22v-4h8l-3-24-9-4-7 6z", "M24 14v26M17 8l7 6 7-6M13 36V22M35 36V22M18 30h3M27 30h3"),
    "pants": Glyph("M15 7h18l3 34h-9l-3-22-3 22h-9z", "M15 12h18M24 12v7"),
    "shorts": Glyph("M13 12h22l4 23H27l-3-11-3 11H9z", "M13 17h22M24 17v7"),
    "dress": Glyph("M18 6v7l1 7-8 21h26l-8-21 1-7V6c-2 6-10 6-12 0z", "M19 20h10"),
    "skirt": Glyph("M17 10h14l7 29H10z", "M16 15h16M22 15l-3 24M27 15l3 24"),
    "shoe": Glyph("M5 19c4 3 8 2 10-3l4-1c3 8 9 11 18 12 4 .5 6 3 6 8H5z", "M5 31h38M20 20l3-2M23 23l3-2"),
    "boot": Glyph("M14 7h13v18c6 2 13 3 14 8v6H14z", "M14 34h27M14 13h13"),
    "sandal": Glyph("M6 33c4-3 8-5 13-5s17-1 23 2v6H6z", "", "M15 28c0-7 9-12 17-9l2 9M22 28l8-9"),
    "beanie": Glyph("M11 29c0-12 5-18 13-18s13 6 13 18zM8 29h32v8H8zM21 8a3 3 0 1 1 6 0 3 3 0 0 1-6 0z", "M16 29v8M24 29v8M32 29v8"),
    "cap": Glyph("M8 30c0-12 6-18 15-18 8 0 13 6 13 16l9 4c-9 4-26 3-37-2z", "M8 30c8-3 20-4 28-2M23 12v16"),
    "sock": Glyph("M17 6h13v18l7 8c4 6-2 11-7 8L17 29z", "M17 11h13M28 37c1-4 4-6 8-6"),
    "scarf": Glyph("M13 8h22v8H13zM15 16h9v23h-9zM26 16h8v17h-8z", "M15 35h9M26 29h8"),
    "glove": Glyph("M15 40V25l-6-5c-2-3 2-5 4-3l4 3V10c0-3 4-3 4 0 0-4 5-4 5 0 0-3 5-3 5 1 0-2 4-2 4 1v13l-3 8v7z", "M15 34h18"),
    "belt": Glyph("M4 19h40v10H4z", "M17 16h12v16H17zM23 24h9M36 24h.01M40 24h.01"),
    "bag": Glyph("M11 17h26l3 23H8z", "M17 22v-5M31 22v-5", "M17 17v-2a7 7 0 0 1 14 0v2"),
    "backpack": Glyph("M12 18c0-13 24-13 24 0v22H12z", "M17 27h14v13M17 27v13M20 18h8", "M20 9c0-5 8-5 8 0"),
    "wallet": Glyph("M6 13h34v25H6z", "M40 21h-9a4 4 0 0 0 0 9h9M32 25.5h.01"),
    "watch": Glyph("M18 4h12l2 10a13 13 0 0 1 0 20l-2 10H18l-2-10a13 13 0 0 1 0-20z", "M24 14a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM24 19v5l4 2"),
    "glasses": Glyph("M5 20h15v6a7 7 0 0 1-15 0zM28 20h15v6a7 7 0 0 1-15 0z", "", "M20 22c2-2 6-2 8 0M5 20l4-7M43 20l-4-7"),
    "headphones": Glyph("M7 26h8v14H9l-2-3zM41 26h-8v14h6l2-3z", "", "M8 26c0-22 32-22 32 0"),
    "phone": Glyph("M16 5h16a3 3 0 0 1 3 3v32a3 3 0 0 1-3 3H16a3 3 0 0 1-3-3V8a3 3 0 0 1 3-3z", "M13 35h22M24 39h.01M22 9h4"),
    "laptop": Glyph("M10 11h28v21H10zM5 34h38l-3 5H8z", "M14 15h20v13H14z"),
    "tablet": Glyph("M11 6h26v36H11z", "M11 36h26M24 39h.01"),
    "screen": Glyph("M5 10h38v24H5z", "", "M24 34v6M15 40h18"),
    "camera": Glyph("M5 16h9l3-5h14l3 5h9v22H5z", "M24 19a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM38 21h.01"),
    "speaker": Glyph("M13 5h22v38H13z", "M24 10a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM24 21a8 8 0 1 0 0 16 8 8 0 0 0 0-16z"),
    "cable": Glyph("M15 15h18v8a9 9 0 0 1-18 0z", "", "M20 15V7M28 15V7M24 32c0 8-8 3-8 10"),
    "controller": Glyph("M13 15h22c7 0 10 22 4 22-4 0-5-7-9-7H18c-4 0-5 7-9 7-6 0-3-22 4-22z", "M15 20v6M12 23h6M32 21h.01M36 25h.01"),
    "keyboard": Glyph("M4 14h40v20H4z", "M10 20h.01M17 20h.01M24 20h.01M31 20h.01M38 20h.01M14 28h20"),
    "lamp": Glyph("M17 7h14l6 16H11z", "", "M24 23v16M15 40h18"),
    "mug": Glyph("M9 12h24v24a4 4 0 0 1-4 4H13a4 4 0 0 1-4-4z", "", "M33 17h3a5 5 0 0 1 5 5v3a5 5 0 0 1-5 5h-3"),
    "glass": Glyph("M13 8h22l-3 33H16z", "M14.5 20h19"),
    "bottle": Glyph("M20 5h8v8l4 6v23H16V19l4-6z", "M20 9h8M16 27h16"),
    "plate": Glyph("M24 8a16 16 0 1 0 0 32 16 16 0 0 0 0-32z", "M24 15a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"),
    "pot": Glyph("M9 18h30v16a5 5 0 0 1-5 5H14a5 5 0 0 1-5-5z", "M9 18h30", "M4 23h5M39 23h5M14 14h20M24 14v-4"),
    "pillow": Glyph("M7 11c10 3 24 3 34 0-3 9-3 17 0 26-10-3-24-3-34 0 3-9 3-17 0-26z", "M13 17l3 3M35 17l-3 3M13 31l3-3M35 31l-3-3"),
    "bedding": Glyph("M6 22h36v17H6zM9 14h13v8H9zM26 14h13v8H26z", "M6 29h36"),
    "towel": Glyph("M12 8h24v33H12z", "M12 31h24M12 35h24", "M7 8h34"),
    "blanket": Glyph("M8 11h32v27H8z", "M8 20h32M8 29h32M20 11v27"),
    "chair": Glyph("M14 6h20v17H14zM10 25h28v6H10z", "", "M13 31v11M35 31v11"),
    "table": Glyph("M4 14h40v6H4z", "", "M9 20v20M39 20v20"),
    "candle": Glyph("M16 19h16v22H16z", "", "M24 19v-3M24 6c5 5 3 9 0 9s-5-4 0-9z"),
    "plant": Glyph("M15 28h18l-3 14H18z", "", "M24 28V14M24 20c-7 1-11-3-11-9 7-1 11 3 11 9zM24 16c0-6 4-10 11-9 0 6-4 10-11 9z"),
    "vase": Glyph("M18 6h12l-2 9c8 6 8 18 2 27H18c-6-9-6-21 2-27z", "M19 10h10"),
    "rug": Glyph("M6 12h36v24H6z", "M11 17h26v14H11z", "M6 12v-3M15 12v-3M24 12v-3M33 12v-3M42 12v-3M6 39v-3M15 39v-3M24 39v-3M33 39v-3M42 39v-3"),
    "frame": Glyph("M8 7h32v34H8z", "M14 13h20v22H14zM14 31l7-9 5 6 3-3 5 6"),
    "basket": Glyph("M7 19h34l-4 21H11z", "M15 26h18M16 33h16", "M13 19c0-14 22-14 22 0"),
    "toy": Glyph("M7 25h15v15H7zM26 25h15v15H26zM16 8h16v15H16z"),
    "book": Glyph("M9 9c6-2 11-1 15 2 4-3 9-4 15-2v29c-6-2-11-1-15 2-4-3-9-4-15-2z", "M24 11v29"),
    "box": Glyph("M7 15l17-8 17 8v19l-17 8-17-8z", "M7 15l17 8 17-8M24 23v19M15 11l17 8"),
}  # fmt: skip

KEYWORDS = [
    (f" {word}", name)
    for name, words in {
        "tee": "t shirt|tee |tees|tank|top |jersey",
        "shirt": "shirt|blouse|polo|oxford",
        "sweater": "sweater|hoodie|sweatshirt|cardigan|pullover|jumper|fleece|knit",
        "jacket": "jacket|coat|parka|blazer|vest|anorak|outerwear",
        "pants": "pant|jean|trouser|chino|legging|jogger|capri",
        "shorts": "shorts", "dress": "dress|gown", "skirt": "skirt",
        "shoe": "shoe|sneaker|trainer|runner|loafer|footwear", "boot": "boot", "sandal": "sandal|slipper|flip flop",
        "beanie": "beanie|knit hat", "cap": "cap |baseball cap|hat ", "sock": "sock", "scarf": "scarf", "glove": "glove|mitten",
        "belt": "belt", "bag": "tote|bag |bags|purse|duffel", "backpack": "backpack|rucksack", "wallet": "wallet|card holder",
        "watch": "watch", "glasses": "glasses|sunglasses|goggle", "headphones": "headphone|earbud|headset|earphone", "phone": "phone|smartphone",
        "laptop": "laptop|notebook computer|chromebook", "tablet": "tablet|e reader", "screen": "monitor|television|tv |display",
        "camera": "camera|webcam", "speaker": "speaker|soundbar", "cable": "cable|charger|adapter|plug|power bank|hub ",
        "controller": "controller|gamepad|console", "keyboard": "keyboard", "lamp": "lamp|light |lantern", "mug": "mug|cup ",
        "glass": "tumbler|wine glass|drinking glass", "bottle": "bottle|flask|jug", "plate": "plate|bowl|dish|tableware",
        "pot": "pot |pan |cookware|kettle|skillet|saucepan", "pillow": "pillow|cushion", "bedding": "sheet|duvet|bedding|quilt",
        "towel": "towel|bath mat", "blanket": "blanket|throw", "chair": "chair|stool|armchair", "table": "table |desk |shelf",
        "candle": "candle", "plant": "plant", "vase": "vase", "rug": "rug |carpet", "frame": "frame|mirror|print ",
        "basket": "basket|bin ", "toy": "toy|blocks|puzzle|game", "book": "book |journal|planner",
    }.items()
    for word in words.split("|")
]  # fmt: skip
