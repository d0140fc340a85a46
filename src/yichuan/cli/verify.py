"""`yichuan verify`: the seals and signatures of files and folders, without a centre, a database or the network."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from yichuan.cli.files import FILE, certificates, refused
from yichuan.cli.verify_codes import Codes, codes_in, relied_on
from yichuan.lib.evidence import Evidence, Form, looks_like_evidence, verify_evidence
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.merkle import CheckpointError, SignedCheckpoint, read_checkpoint
from yichuan.lib.ofd.report import Report, SignatureReport
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.status_list import StatusList, parse_status_list
from yichuan.lib.verifying import Verified, verify_file

_KINDS = {"ofd": "OFD", "pdf": "PDF", "ceb": "CEB", "seal": "印章", "value": "签名值"}
_SIGNATURES = {"Seal": "电子签章", "Sign": "数字签名", "TimeStamp": "文档时间戳", "SealFile": "电子印章"}
_VERDICTS = {"integrity": "完整性", "seal": "印章", "signer": "签章者", "time": "时间"}
_ASKED: dict[str, tuple[str, ...]] = {"SealFile": ("seal", "time"), "Sign": ("integrity", "signer", "time")}
_FORMS = {Form.SENDER: "发文单位", Form.RECEIVER: "收文单位", Form.AUDITOR: "审计员"}
_SAID = {"ok": "通过", "failed": "不通过", "unknown": "无法确认"}
_MARKS = {True: "√", False: "×", None: "？"}
_UNREADABLE = {  # by the code of the report
    "not_verifiable": "不是 OFD、PDF、CEB、印章文件或者签名值",
    "not_a_zip": "文件不完整，或者不是 OFD",
}
_ENDINGS = frozenset((".ofd", ".pdf", ".ceb", ".esl", ".dat"))


@click.command()
@click.argument("paths", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--trust", multiple=True, type=FILE, help="Root certificates, PEM or DER; may be given several times.")
@click.option("--crl", "crl_files", multiple=True, type=FILE, help="Revocation lists, PEM or DER; then all must tell.")
@click.option(
    "--status", "status_files", multiple=True, type=FILE, help="Status lists of seals, DER; then one must tell of each."
)
@click.option("--codes", "code_files", multiple=True, type=FILE, help="Certificates of print codes, PEM or DER.")
@click.option(
    "--checkpoint", "kept_files", multiple=True, type=FILE, help="Checkpoints of the log kept elsewhere, for packages."
)
@click.option("--at", "moment", metavar="TIME", help="Verify as of this time (ISO 8601 with its zone), not of now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
def verify(
    paths: tuple[Path, ...],
    trust: tuple[Path, ...],
    crl_files: tuple[Path, ...],
    status_files: tuple[Path, ...],
    code_files: tuple[Path, ...],
    kept_files: tuple[Path, ...],
    moment: str | None,
    as_json: bool,
) -> None:
    """Verify the seals and signatures of OFD and PDF files, of CEB files with their detached signature (the same name
    and .p7s), of seal files (.esl) and of signature values (SignedValue.dat); folders are searched for such files. An
    evidence package (.zip), named itself, is verified with its document, receipts and entries of the log; so are a
    picture of a printed original's code and a text file with what the code says.

    Ends with 0 where all are valid and trusted, 1 where something is invalid, untrusted or unsigned, 2 where a file
    cannot be read.
    """
    roots = [certificate for path in trust for certificate in certificates(path, "--trust")]
    relied = _Relied(
        roots,
        _moment(moment),
        [_list(path) for path in crl_files] if crl_files else None,
        [_status(path) for path in status_files] if status_files else None,
        relied_on([each for path in code_files for each in certificates(path, "--codes")], roots),
        [_kept(path) for path in kept_files],
    )
    worst, count, good = 0, 0, 0
    for path in (each for given in paths for each in _files(given)):
        found = _verified(path, relied)
        if as_json:
            click.echo(json.dumps({"file": str(path)} | _plain(found), ensure_ascii=False))
        elif isinstance(found, Evidence):
            _print_evidence(path, found)
        elif isinstance(found, Codes):
            click.echo("\n".join(f"{path}：{line}" if not line.startswith(" ") else line for line in found.lines()))
        else:
            _print(path, found)
        readable, valid = _outcome(found)
        count, good = count + 1, good + valid
        worst = max(worst, 2 if not readable else 0 if valid else 1)
    if count == 0:
        raise click.UsageError("no file to verify was found there")
    if count > 1 and not as_json:
        click.echo(f"共 {count} 个文件，{good} 个有效且可信。")
    sys.exit(worst)


@dataclass(frozen=True)
class _Relied:
    """What the options say of trust and time."""

    trust: list[Certificate]
    at: datetime
    crls: list[Crl] | None
    status_lists: list[StatusList] | None
    codes: list[Certificate]
    kept: list[SignedCheckpoint]


def _outcome(found: Verified | Evidence | Codes) -> tuple[bool, bool]:
    """Whether it could be read, and whether all of it is valid and trusted."""
    if isinstance(found, Codes):
        return bool(found.found), found.good
    report = found if isinstance(found, Evidence) else found.report
    return report.readable, report.valid_and_trusted


def _status(path: Path) -> StatusList:
    try:
        return parse_status_list(path.read_bytes())
    except SesError as error:
        raise click.ClickException(f"--status {path}: {error}") from error


def _kept(path: Path) -> SignedCheckpoint:
    try:
        return read_checkpoint(path.read_text(encoding="utf-8"))
    except (CheckpointError, UnicodeDecodeError) as error:
        raise click.ClickException(f"--checkpoint {path}：不是完整的检查点（{error}）。") from error


def _list(path: Path) -> Crl:
    data = path.read_bytes()
    try:
        return Crl.from_pem(data) if b"-----BEGIN " in data else Crl.from_der(data)
    except GmError as error:
        raise click.ClickException(f"--crl {path}: {error}") from error


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"--at {text}: write a time as 2026-11-21T09:00:00+08:00") from error
    if moment.tzinfo is None:
        raise click.UsageError(f"--at {text}: add the time zone, as in 2026-11-21T09:00:00+08:00")
    return moment


def _files(given: Path) -> Iterator[Path]:
    """The file itself, whatever it is called; of a folder what may be verified by its ending."""
    if not given.is_dir():
        yield given
        return
    yield from sorted(path for path in given.rglob("*") if path.suffix.lower() in _ENDINGS and path.is_file())


def _verified(path: Path, relied: _Relied) -> Verified | Evidence | Codes:
    try:
        data = path.read_bytes()
        beside = next((each.read_bytes() for each in _beside(path) if each.is_file()), None)
    except OSError as error:
        return Verified("", Report(False, "unreadable_file", error.strerror or "cannot be read", ()), refused(error))
    trust, at, crls, lists = relied.trust, relied.at, relied.crls, relied.status_lists
    if looks_like_evidence(data):
        return verify_evidence(data, trust=trust, at=at, crls=crls, status_lists=lists, kept=relied.kept)
    if (codes := codes_in(data, relied.codes)) is not None:
        return codes
    return verify_file(data, trust=trust, at=at, crls=crls, status_lists=lists, beside=beside)


def _beside(path: Path) -> list[Path]:
    """Where what belongs to a file lies: a CEB's signature, a signature value's Signature.xml."""
    if path.suffix.lower() == ".dat":
        return [path.with_name("Signature.xml")]
    return [path.with_name(path.name + ".p7s")] if path.suffix.lower() == ".ceb" else []


def _plain(found: Verified | Evidence | Codes) -> dict[str, object]:
    if isinstance(found, Codes):
        return found.to_json()
    if isinstance(found, Evidence):
        return {"kind": "evidence", "valid_and_trusted": found.valid_and_trusted} | found.to_json()
    report = found.report
    extra: dict[str, object] = {"kind": found.kind, "valid_and_trusted": report.valid_and_trusted}
    extra |= {} if report.error is None else {"error": report.error, "detail": report.detail}
    return extra | report.to_json()


def _print_evidence(path: Path, found: Evidence) -> None:
    said = "清单无法读取"
    if found.manifest:
        said = f"{found.manifest.number}，{found.manifest.centre}为{_FORMS[found.manifest.form]}打包"
    verdict = "有效且可信" if found.valid_and_trusted else "有检查项不通过或者无法确认"
    click.echo(f"{path}：证据包，{said}：{verdict}（完整性 {_SAID[found.whole]}，日志 {_SAID[found.log]}）")
    for step in found.steps:
        click.echo(f"    {_MARKS[step.ok]} {step.title_zh}：{step.note_zh}")
    if found.document is not None:
        _print(path / "document.ofd", found.document)


def _print(path: Path, found: Verified) -> None:
    report = found.report
    name = _KINDS.get(found.kind, "文件")
    if not report.readable:
        said = found.remark or _UNREADABLE.get(report.error or "") or report.detail
        click.echo(f"{path}：无法读取：{said}（{report.error}）")
    else:
        said = _summary(report)
        click.echo(f"{path}：{name}，{said}" + (f"。{found.remark}" if found.remark else ""))
    for signature in report.signatures:
        _print_signature(signature)
    for note in report.notes:
        click.echo(f"    读取时从宽：{note.code} {note.message}")
    if report.entries_list is not None:
        said = {True: "相符", False: "不符", None: "无法确认"}[report.entries_list.holds]
        click.echo(f"  文件清单 {report.entries_list.entry}：{said}")


def _summary(report: Report) -> str:
    if report.valid_and_trusted:
        return "有效且可信"
    if not report.signatures:
        return "没有签名"
    failed = any("failed" in _verdicts(each).values() or each.coverage.uncovered for each in report.signatures)
    return "有检查项不通过" if failed else "没有发现问题，但有检查项无法确认"


def _verdicts(signature: SignatureReport) -> dict[str, str]:
    """The verdicts that the kind of signature has, by their Chinese names."""
    asked = _ASKED.get(signature.kind, tuple(_VERDICTS))
    if signature.seal == "failed" and "seal" not in asked:  # a seal is drawn that nobody made
        asked = (*asked, "seal")
    return {_VERDICTS[name]: getattr(signature, name) for name in asked}


def _print_signature(signature: SignatureReport) -> None:
    kind = _SIGNATURES.get(signature.kind, signature.kind)
    verdicts = "，".join(f"{name} {_SAID[said]}" for name, said in _verdicts(signature).items())
    click.echo(f"  {kind} {signature.id}（{signature.version}）：{verdicts}")
    for step in signature.steps:
        click.echo(f"    {_MARKS[step.ok]} {step.title_zh}：{step.note_zh}")
