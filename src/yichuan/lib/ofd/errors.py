"""The one error and the one note that reading, writing and drawing an OFD can give."""

from dataclasses import dataclass


class OfdError(ValueError):
    """An OFD that cannot be read, made or drawn as asked.

    `code` is stable (snake_case); `message` is English, names the place and the remedy.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Note:
    """A deviation that was tolerated: `code` is stable, `message` says where and what was done instead."""

    code: str
    message: str
