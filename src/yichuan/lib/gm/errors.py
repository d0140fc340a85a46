"""The one error of this package."""


class GmError(ValueError):
    """A key, certificate, signature or ciphertext that cannot be accepted.

    `code` is stable and meant for programs; the message names what was wrong and what to do about it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
