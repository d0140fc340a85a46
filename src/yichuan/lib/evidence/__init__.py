"""Evidence packages: a sealed document with everything its verification needs, listed and signed by its centre.

A ZIP of `manifest.json`, `manifest.p7s` and the parts that the manifest lists, each with its size and SM3 digest:

    document.ofd              role "document": the body as it was sent
    seals/1.esl               role "seal": the structures of its seals, as they lie in its signatures
    certificates/1.cer        role "certificate": the centre's certificates; none is relied on for lying here
    revocations/1.crl         role "revocations": the revocation lists of the day of packing
    status/1.der              role "status": the status lists of the seals

`manifest.p7s` is a GB/T 35275 signature of the centre over `manifest.json` with a time stamp. That proves that all
parts were there when they were packed, so the document is verified as of that moment.
"""

from .packing import pack_evidence
from .verifying import Evidence, looks_like_evidence, verify_evidence

__all__ = ["Evidence", "looks_like_evidence", "pack_evidence", "verify_evidence"]
