"""What goes wrong with electronic seals."""


class SesError(ValueError):
    """A seal or seal signature that cannot be read or made.

    `code` is stable snake_case for programs; the message names the field and the remedy.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
