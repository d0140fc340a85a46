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
