"""A package and checkpoints kept elsewhere: a log rewritten since is found, a revoked key vouches for nothing."""

from datetime import timedelta

from support.evidence import AT, day, packed, verified
from support.seals import pki
from support.small_log import SmallLog, checkpoints_key
from yichuan.lib.evidence import verify_evidence
from yichuan.lib.gm.crl import Reason, Revocation, make_crl
from yichuan.lib.merkle import SignedCheckpoint, read_checkpoint


def kept(text: str) -> SignedCheckpoint:
    return read_checkpoint(text)


def kept_finding(*checkpoints: SignedCheckpoint) -> list[tuple[bool | None, str]]:
    return [
        (step.ok, step.finding) for step in verified(packed(), *checkpoints).steps if step.name == "kept_checkpoint"
    ]


def test_checkpoints_kept_elsewhere_are_of_the_same_log() -> None:
    log, _ = day()
    assert kept_finding(kept(log.signed()), kept(log.signed(5))) == [(True, "kept_same"), (True, "kept_same")]
    assert verified(packed(), kept(log.signed(5))).valid_and_trusted


def test_a_log_that_was_rewritten_since_a_kept_checkpoint_is_found() -> None:
    log, _ = day()
    before = SmallLog(log.digest, [b'{"uid":"what happened"}', *log.entries[1:]])
    for size in (5, 9):
        assert kept_finding(kept(before.signed(size))) == [(False, "kept_differs")]
        assert not verified(packed(), kept(before.signed(size))).valid_and_trusted


def test_a_kept_checkpoint_without_a_proof_cannot_be_told() -> None:
    log, _ = day()
    assert kept_finding(kept(log.signed(4))) == [(None, "kept_unknown")]


def test_a_kept_checkpoint_of_nobody_is_foreign() -> None:
    log, _ = day()
    assert kept_finding(kept(log.signed(signer=pki().stranger))) == [(False, "kept_foreign")]


def test_a_checkpoint_key_that_was_revoked_before_it_signed_vouches_for_nothing() -> None:
    root, lost = pki().root, day()[0].checkpoint().at - timedelta(minutes=1)
    revoked = [Revocation(checkpoints_key().certificate.serial, lost, Reason.KEY_COMPROMISE)]
    crl = make_crl(
        root.certificate, root.key.sign, revoked=revoked, number=2, this_update=AT, next_update=AT + timedelta(days=7)
    )
    evidence = verify_evidence(packed(), trust=pki().trust, at=AT + timedelta(hours=1), crls=[crl])
    assert {step.name: step.finding for step in evidence.steps}["checkpoint_revocation"] == "revoked"
    assert evidence.log == "failed"
