"""Evidence packages: everything that proves years later what befell a document, listed and signed by its centre.

A ZIP of `manifest.json`, `manifest.p7s` and the parts that the manifest lists, each with its size and SM3 digest:

    document.ofd              role "document": the body as it was sent; in the sender's package alone
    seals/1.esl               role "seal": the structures of its seals, as they lie in its signatures
    certificates/1.cer        role "certificate": the centre's certificates; none is relied on for lying here
    revocations/1.crl         role "revocations": the revocation lists of the day of packing, and of the sending's
    status/1.der              role "status": the status lists of the seals
    entries.jsonl             role "entries": entries of the log, a line the very bytes the tree holds the digest of
    proofs.jsonl              role "proofs": of each entry, where it stands in the tree, and the digests up to the root
    receipts.jsonl            role "receipts": of each receipt what it says, its signature, and the box's public key
    checkpoint.txt            role "checkpoint": the log's signed checkpoint to whose root the proofs lead
    consistency.jsonl         role "consistency": proofs that this log goes on from earlier checkpoints (`log_reading`)
    summary.html              role "summary": all that for the eye; nothing is proven by it

The manifest says for whom it was packed, the document's number and digest, and the places of its entries in the log.
`manifest.p7s` is a GB/T 35275 signature of the centre over `manifest.json` with a time stamp. That proves that all
parts were there when they were packed, so the document is verified as of that moment. The parts from the log are proven
by the checkpoint, which another key signs: who can pack cannot write into the log.
"""

from .log_reading import earlier_line, proof_line, receipt_line, write_lines
from .manifest import Form
from .packing import pack_evidence
from .summary import Table, summary_page
from .verifying import Evidence, looks_like_evidence, verify_evidence

__all__ = [
    "Evidence",
    "Form",
    "Table",
    "earlier_line",
    "looks_like_evidence",
    "pack_evidence",
    "proof_line",
    "receipt_line",
    "summary_page",
    "verify_evidence",
    "write_lines",
]
