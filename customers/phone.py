"""Phone numbers in one form, so that the same person is found whatever was typed."""

import phonenumbers


def to_e164(text: str, region: str = "US") -> str | None:
    """E.164 of a number as people type it; None when it is not a possible number."""
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
