"""Characters that a reader does not see, but that change what is read or break what is printed."""

import unicodedata


def hides_something(text: str, *, lines: bool = False) -> bool:
    """Whether the text holds control, format (bidirectional, zero-width) or private
    characters; with `lines`, ends of lines and tabs are allowed."""
    allowed = "\n\r\t" if lines else ""
    return any(unicodedata.category(character)[0] == "C" and character not in allowed for character in text)
