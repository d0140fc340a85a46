"""The one error that reading and sealing a PDF can give."""


class PdfError(ValueError):
    """A PDF that cannot be read or sealed as asked.

    `code` is stable (snake_case); `message` is English, names the place and the remedy.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
