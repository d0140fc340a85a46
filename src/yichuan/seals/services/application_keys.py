"""The key of an application's papers: its own, wrapped by the device, never kept in the clear."""

from yichuan.keys.services.wrapping import unwrap_under, wrap_under
from yichuan.seals.models import SealApplication

LABEL = "centre:seal-applications"


def wrapped(application: SealApplication, key: bytes) -> bytes:
    """The key as it is kept. Device work: never while locks are held."""
    return wrap_under(LABEL, key, application.key_context)


def own_key(application: SealApplication) -> bytes:
    """The key of the application's papers."""
    return unwrap_under(LABEL, bytes(application.wrapped_key), application.key_context)
