"""Signatures that come again and again (of certificates, revocation lists, seals), verified once.

What is remembered is mathematics: whether a key made a signature over some bytes. It does not age, and it is kept under
the exact inputs, so remembering can never turn one answer into the other. Times, trust and usage are never remembered.
"""

import hashlib

from yichuan.lib.gm.sm2 import PublicKey

_MOST = 4096
_LONGEST_SIGNATURE = 80  # a DER SEQUENCE of two 33-byte INTEGERs takes 72; hostile files shall not fill the memory

# Single operations on a dict are atomic: threads need no lock, which a fork could leave held.
_answers: dict[tuple[bytes, bytes, bytes], bool] = {}


def digest_of(message: bytes) -> bytes:
    """What stands for a message among the answers: its SHA-256, which the processor is quicker at than at SM3."""
    return hashlib.sha256(message).digest()


def signed_with(key: PublicKey, signature: bytes, message: bytes, digest: bytes | None = None) -> bool:
    """`key.verify(signature, message)`, looked up where the same was asked before. For any thread.

    `digest` is `digest_of(message)` where the caller has kept it.
    """
    name = (key.der, signature, digest or digest_of(message))
    answer = _answers.get(name)
    if answer is None:
        answer = key.verify(signature, message)
        if len(signature) <= _LONGEST_SIGNATURE:
            if len(_answers) >= _MOST:
                _answers.clear()
            _answers[name] = answer
    return answer
