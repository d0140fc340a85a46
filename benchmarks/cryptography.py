"""SM2 beside the `openssl speed` of the same minute, and key wraps beside bare SM4-GCM."""

import os
import re
import subprocess

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from benchmarks.measure import Figure, figure, rate
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.sm4 import seal

MESSAGE = b"x" * 200


def figures() -> list[Figure]:
    """Sign, verify and wrap, a second."""
    key = PrivateKey.generate()
    signature = key.sign(MESSAGE)
    wrapping, secret = os.urandom(16), os.urandom(16)
    signs, verifies = _openssl()

    def bare_gcm() -> None:
        cipher = Cipher(SM4(wrapping), GCM(os.urandom(12))).encryptor()
        cipher.authenticate_additional_data(b"document")
        _ = cipher.update(secret) + cipher.finalize() + cipher.tag

    return [
        figure("SM2 sign", rate(lambda: key.sign(MESSAGE)), "/s", "openssl speed", signs),
        figure("SM2 verify", rate(lambda: key.public.verify(signature, MESSAGE)), "/s", "openssl speed", verifies),
        figure("key wrap", rate(lambda: seal(wrapping, secret, b"document")), "/s", "bare SM4-GCM", rate(bare_gcm)),
    ]


def _openssl() -> tuple[float, float]:
    run = subprocess.run(
        ["openssl", "speed", "-seconds", "1", "sm2"], capture_output=True, text=True, check=True, timeout=60
    )
    rates = re.findall(r"SM2.*?(\d+\.\d)\s+(\d+\.\d)\s*$", run.stdout, re.MULTILINE)
    signs, verifies = rates[-1]
    return float(signs), float(verifies)
