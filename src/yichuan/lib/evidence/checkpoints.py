"""The checkpoint in a package: whose it is, and whether its log is the one of checkpoints kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.x509 import DOCUMENT_SIGNING, Certificate, validate_path
from yichuan.lib.merkle import Checkpoint, CheckpointError, SignedCheckpoint, read_checkpoint
from yichuan.lib.ses.revocation import revocation_step
from yichuan.lib.ses.steps import Step, shown, step

from .log_checks import goes_on
from .log_reading import Earlier

CALLED = "日志检查点签名"
"""How a centre names the certificate of the key that signs checkpoints and nothing else; no other is relied on."""
CHECKPOINT = frozenset(("checkpoint", "checkpoint_revocation", "kept_checkpoint"))


@dataclass(frozen=True)
class Asked:
    """What is relied on: trusted certificates and their lists, `at` when, when the package `existed` (None where no
    stamp proves it), and checkpoints that were kept elsewhere."""

    trust: list[Certificate]
    at: datetime
    crls: Sequence[Crl] | None
    existed: datetime | None
    kept: Sequence[SignedCheckpoint]


def checkpoint_steps(
    raw: bytes, centre: str, certificates: Sequence[Certificate], asked: Asked
) -> tuple[Checkpoint | None, list[Step]]:
    """The checkpoint that a text is, None where it is none, and whether a key of `centre` signed it."""
    try:
        signed = read_checkpoint(raw.decode())
    except (CheckpointError, UnicodeDecodeError) as problem:
        return None, [step("checkpoint", False, "checkpoint_unreadable", detail=problem)]
    said = signed.checkpoint
    chain = signer_of(signed, centre, certificates, asked)
    if not asked.trust:  # then it cannot be told, and nothing was found against it
        return said, [step("checkpoint", None, "checkpoint_no_root")]
    if not chain:
        return said, [step("checkpoint", False, "checkpoint_unsigned", name=centre)]
    details = {"size": said.size, "time": shown(said.at), "short": said.short}
    steps = [step("checkpoint", True, "checkpoint_signed", name=chain[0].subject_name, **details)]
    if asked.crls is not None:
        steps.append(
            revocation_step(
                "checkpoint_revocation", chain, asked.crls, at=asked.at, claimed=said.at, proven=asked.existed
            )
        )
    return said, steps


def signer_of(
    signed: SignedCheckpoint, centre: str, certificates: Sequence[Certificate], asked: Asked
) -> tuple[Certificate, ...]:
    """The way from the certificate that signed a checkpoint of this centre to a trusted one; empty where none did.

    The certificate was certified by the centre's own authority, for this use and no other.
    """
    for each in certificates:
        own = each.subject.organization == each.issuer.organization == centre
        named = each.subject_name.endswith(CALLED) and DOCUMENT_SIGNING in (each.extended_key_usage or ())
        if own and named and signed.signed_by(each.public_key):
            at = min(signed.checkpoint.at, asked.at)
            path = validate_path(each, intermediates=certificates, trust=asked.trust, at=at)
            if path.ok:
                return tuple(path.chain)
    return ()


def kept_steps(
    earlier: Sequence[Earlier], here: Checkpoint, centre: str, certificates: Sequence[Certificate], asked: Asked
) -> list[Step]:
    """Whether the package's log is the log of each kept checkpoint."""
    return [_kept_step(each, earlier, here, centre, certificates, asked) for each in asked.kept]


def _kept_step(
    kept: SignedCheckpoint,
    earlier: Sequence[Earlier],
    here: Checkpoint,
    centre: str,
    certificates: Sequence[Certificate],
    asked: Asked,
) -> Step:
    said = kept.checkpoint
    if said.log != here.log or not signer_of(kept, centre, certificates, asked):
        return step("kept_checkpoint", False, "kept_foreign", name=centre)
    if said.size == here.size:
        same = said.root == here.root
    else:
        proofs = [each for each in earlier if each.size == said.size and goes_on(each, here)]
        if not proofs:
            return step("kept_checkpoint", None, "kept_unknown", short=said.short)
        same = any(each.root == said.root for each in proofs)
    return step("kept_checkpoint", same, "kept_same" if same else "kept_differs", short=said.short)
