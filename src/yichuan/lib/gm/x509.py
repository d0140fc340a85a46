"""X.509 certificates with SM2 (RFC 5280, GM/T 0015): reading, issuing by profile, path validation."""

from yichuan.lib.gm._certificate import Certificate, Name, load_certificates
from yichuan.lib.gm._issue import (
    ANY_PURPOSE,
    CLIENT_AUTHENTICATION,
    DOCUMENT_SIGNING,
    OCSP_SIGNING,
    SEAL_MAKING,
    SERVER_AUTHENTICATION,
    TIME_STAMPING,
    Profile,
    issue,
)
from yichuan.lib.gm._path import PathResult, Usage, validate_path

__all__ = [
    "ANY_PURPOSE",
    "CLIENT_AUTHENTICATION",
    "DOCUMENT_SIGNING",
    "OCSP_SIGNING",
    "SEAL_MAKING",
    "SERVER_AUTHENTICATION",
    "TIME_STAMPING",
    "Certificate",
    "Name",
    "PathResult",
    "Profile",
    "Usage",
    "issue",
    "load_certificates",
    "validate_path",
]
