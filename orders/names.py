"""How a customer is called where others can read along."""


def short_name(name: str) -> str:
    """First name and an initial: "Ada Byron" becomes "Ada B."."""
    first, *rest = name.split() or [""]
    return f"{first} {rest[-1][0]}." if rest else first
