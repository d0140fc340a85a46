"""Refusals that a person reads. Each says in plain Chinese what is wrong and what to do next.

A service raises one of these; pages and the interface turn it into their own answer. `code` is stable and for
programs, `message` is for people, `field` names the input at fault where there is one.
"""


class Refused(Exception):
    """A request that was understood and is not carried out. Nothing of it stays behind."""

    status = 409

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class SignedOut(Refused):
    """The session is over. What the page holds is still there; the same request may be made after the login."""

    status = 401


class NotAllowed(Refused):
    """The person's posts do not open this."""

    status = 403


class NotFound(Refused):
    """No such thing, or not for this person: the two look alike on purpose."""

    status = 404


class Invalid(Refused):
    """Input at fault, one message a field, so that a form can show them all at once."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        first_field, first_message = next(iter(errors.items()))
        super().__init__("invalid", first_message, field=first_field)
        self.errors = errors


class Unavailable(Refused):
    """A device or store does not answer. Nothing was done; the same request may be made again."""

    status = 503
