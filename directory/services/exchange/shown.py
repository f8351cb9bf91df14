"""Shows a stranger's text in a message: short, on one line, and without marks that a terminal would obey."""

_LONGEST = 120


def shown(text: str) -> str:
    """Return `text` cut to 120 characters, with what cannot be seen written as its code point."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in cut)
