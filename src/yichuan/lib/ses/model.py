"""What this package reads: seals and signature values (the names other rooms import)."""

from .errors import SesError
from .seal import Picture, Seal, parse_seal
from .signature import SealSignature, parse_signature

__all__ = ["Picture", "Seal", "SealSignature", "SesError", "parse_seal", "parse_signature"]
