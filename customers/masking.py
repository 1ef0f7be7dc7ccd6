"""Enough of a person's data to recognize it, and not enough to take along."""

DOTS = "•••"


def masked_name(name: str) -> str:
    """Ada Byron -> Ada B."""
    first, _space, last = name.strip().partition(" ")
    return f"{first} {last.split()[-1][0]}." if last.split() else first


def masked_email(email: str) -> str:
    """ada@example.org -> a•••@example.org"""
    name, at, domain = email.partition("@")
    return f"{name[:1]}{DOTS}@{domain}" if at else DOTS * bool(email)


def masked_phone(phone: str) -> str:
    """+16125550100 -> ••• 0100"""
    return f"{DOTS} {phone[-4:]}" if phone else ""
