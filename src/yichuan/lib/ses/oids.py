"""Object identifiers of seals and their signatures (GM/T 0006, GB/T 35275), and the names makers write for them."""

SM2_WITH_SM3 = "1.2.156.10197.1.501"
SM3 = "1.2.156.10197.1.401"
SM2_SIGN = "1.2.156.10197.1.301.1"

#: What real files carry where SM2 with SM3 is meant.
SM2_ALIASES = frozenset((SM2_WITH_SM3, "1.2.156.10197.1.301", SM2_SIGN, "1.2.156.10197.501", "1.2.156.10197.6.1.4.2.2"))
#: Digest names that mean SM3; the keyless and keyed arcs are written for the plain digest.
SM3_ALIASES = frozenset((SM3, f"{SM3}.1", f"{SM3}.2", "sm3"))

SIGNED_DATA = "1.2.156.10197.6.1.4.2.2"
PKCS7_SIGNED_DATA = "1.2.840.113549.1.7.2"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
#: Unsigned attribute with a time stamp token over the signature value (RFC 3161, appendix A).
TIME_STAMP_ATTRIBUTE = "1.2.840.113549.1.9.16.2.14"

#: What is recognised and not checked here, by the name people know it by.
FOREIGN = {
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.4": "RSA with MD5",
    "1.2.840.113549.1.1.5": "RSA with SHA-1",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.113549.1.1.11": "RSA with SHA-256",
    "1.2.840.113549.1.1.12": "RSA with SHA-384",
    "1.2.840.113549.1.1.13": "RSA with SHA-512",
    "1.2.840.10045.4.1": "ECDSA with SHA-1",
    "1.2.840.10045.4.3.2": "ECDSA with SHA-256",
    "1.2.840.10045.4.3.3": "ECDSA with SHA-384",
    "1.2.840.10045.4.3.4": "ECDSA with SHA-512",
    "1.2.840.113549.2.5": "MD5",
    "1.3.14.3.2.26": "SHA-1",
    "2.16.840.1.101.3.4.2.1": "SHA-256",
    "2.16.840.1.101.3.4.2.2": "SHA-384",
    "2.16.840.1.101.3.4.2.3": "SHA-512",
    "1.3.101.112": "Ed25519",
}


def spoken(oid: str) -> str:
    """An identifier with the name of what it stands for, where that is known."""
    return f"{FOREIGN[oid]} ({oid})" if oid in FOREIGN else oid
