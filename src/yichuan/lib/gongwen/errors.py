"""Errors of the typesetter: each has a stable code, the place in the content and, in its message, the remedy."""

from __future__ import annotations


class GongwenError(ValueError):
    """Content that cannot be typeset.

    ``code`` is stable and snake_case; ``path`` is the JSON path of the field (``$.body[3].text``), ``$`` for the whole.
    """

    def __init__(self, code: str, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.code = code
        self.path = path
        self.message = message


class FontsMissing(GongwenError):
    """The typesetter lacks a font; ``missing`` names the roles without a face."""

    def __init__(self, missing: tuple[str, ...], message: str) -> None:
        super().__init__("fonts_missing", "$", message)
        self.missing = missing
