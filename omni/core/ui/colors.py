"""The colors merchants name, so that a garment can be drawn in its own."""

NAMED = {
    "black": "#22252a", "charcoal": "#444a52", "graphite": "#4b5058", "gray": "#8f959d", "grey": "#8f959d",
    "silver": "#c3c8ce", "white": "#ffffff", "ivory": "#f8f3e3", "cream": "#f5ecd2", "natural": "#eee3c8",
    "oat": "#e6d9bf", "sand": "#dcc6a0", "beige": "#dccbb0", "stone": "#bdb5a6", "taupe": "#96887a",
    "khaki": "#b5a479", "tan": "#c89f6f", "camel": "#bf8f56", "cognac": "#9c5a2c", "brown": "#6f4a2f",
    "chocolate": "#4e3122", "copper": "#b5703f", "bronze": "#9a7440", "gold": "#d3a63c", "mustard": "#d5a021",
    "yellow": "#f4cf3b", "orange": "#ea7f2b", "rust": "#b0512b", "terracotta": "#c5694b", "coral": "#f4826b",
    "peach": "#f8bf9c", "salmon": "#f19a85", "red": "#c62f35", "crimson": "#a91d35", "burgundy": "#6f1d33",
    "wine": "#6d1f37", "maroon": "#6b1a26", "pink": "#f2a7bf", "rose": "#d97b93", "blush": "#f1cdc7",
    "fuchsia": "#cf3588", "magenta": "#c2297f", "plum": "#6c3461", "purple": "#6f469e", "violet": "#7a56b8",
    "lavender": "#bfb0de", "lilac": "#c8b1dc", "indigo": "#36417f", "navy": "#1f2d50", "midnight": "#182339",
    "denim": "#4a6587", "blue": "#2f66b5", "cobalt": "#204fa5", "royal": "#2b4eb5", "sky": "#8fc2ea",
    "aqua": "#6cc9cf", "teal": "#1e7377", "turquoise": "#35b0ab", "mint": "#a6dcc0", "sage": "#9cad8c",
    "green": "#35804e", "emerald": "#137a55", "forest": "#22513a", "olive": "#6d6d34", "moss": "#5d6b3a",
    "lime": "#a9cd3d", "clear": "#e8f1f6", "oak": "#c59c63", "walnut": "#6b4a34", "birch": "#e2cfa9",
    "steel": "#a2abb5", "brass": "#bf9b4b", "linen": "#ebe0cc", "slate": "#59636f",
}  # fmt: skip


def color_of(name: str) -> str:
    """Find the color a merchant means; the first word that is a color wins ("navy blue" is navy)."""
    for word in name.lower().replace("-", " ").replace("/", " ").split():
        if word in NAMED:
            return NAMED[word]
    return ""


def is_dark(color: str) -> bool:
    """Tell whether a mark on this color must be light (Rec. 709 luma)."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 130
