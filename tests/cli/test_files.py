"""`yichuan typeset, seal, verify`: on files alone, without a centre."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.seals import small_ofd
from support.world import small_gongwen
from yichuan.cli import main
from yichuan.cli.files import font_set
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate, Name, Profile, issue
from yichuan.lib.gongwen.imprint import draw_imprint
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.signatures import read_signature_file
from yichuan.lib.ses.make import SealDraft
from yichuan.lib.ses.seal import Picture

NOW = datetime.now(UTC)
SIGNATURE = "Doc_0/Signs/Sign_0/Signature.xml"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with doc.json, doc.ofd, seal.esl, key.pem, cert.pem, root.pem."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "doc.json").write_text(json.dumps(small_gongwen()), encoding="utf-8")
    assert run("typeset", folder / "doc.json", "--pdf", folder / "doc.pdf", "--ofd", folder / "doc.ofd").exit_code == 0
    root_key, maker_key, key = (PrivateKey.generate() for _ in range(3))

    def certify(profile: Profile, name: str, holder: PrivateKey, issuer: Certificate | None) -> Certificate:
        return issue(
            profile,
            subject=Name(common_name=name, organization=name),
            public_key=holder.public,
            issuer=issuer,
            sign=root_key.sign,
            not_before=NOW - timedelta(days=1),
            not_after=NOW + timedelta(days=90),
        )

    root = certify(Profile.ROOT, "根", root_key, None)
    maker = certify(Profile.SEAL_MAKER, "制章", maker_key, root)
    signer = certify(Profile.SIGNER, "江门市人民政府办公室", key, root)
    picture = draw_imprint("江门市人民政府办公室", diameter_mm=42.0, font=font_set()).ofd()
    waiting = SealDraft(
        seal_id="44",
        name="江门市人民政府办公室",
        kind=1,
        picture=Picture("ofd", picture, 42, 42),
        signer_certificates=(signer,),
        created=NOW,
        valid_from=NOW - timedelta(days=1),
        valid_to=NOW + timedelta(days=90),
    ).prepare(maker)
    (folder / "seal.esl").write_bytes(waiting.attach(maker_key.sign(waiting.message)).der)
    (folder / "key.pem").write_bytes(key.to_pem())
    (folder / "cert.pem").write_bytes(signer.to_pem())
    (folder / "root.pem").write_bytes(root.to_pem())
    return folder


def seal(desk: Path, target: Path, *places: str, options: tuple[str, ...] = (), source: Path | None = None) -> Result:
    where = [argument for place in places for argument in ("--at", place)]
    keys = ["--seal", desk / "seal.esl", "--key", desk / "key.pem", "--cert", desk / "cert.pem"]
    return run("seal", source or desk / "doc.ofd", target, *keys, *where, *options)


def test_what_is_typeset_sealed_and_verified_is_valid_and_trusted(desk: Path, tmp_path: Path) -> None:
    assert seal(desk, tmp_path / "sealed.ofd", "1:140,200").exit_code == 0
    found = run("verify", tmp_path / "sealed.ofd", "--trust", desk / "root.pem", "--json")
    assert found.exit_code == 0
    report = json.loads(found.stdout)
    assert report["file"] == str(tmp_path / "sealed.ofd")
    assert report["readable"] is True
    (signature,) = report["signatures"]
    verdicts = {name: signature[name] for name in ("kind", "version", "integrity", "seal", "signer", "time")}
    assert verdicts == {
        "kind": "Seal", "version": "v4", "integrity": "ok", "seal": "ok", "signer": "ok", "time": "unknown",
    }  # fmt: skip
    assert {"name", "ok", "note"} <= set(signature["steps"][0])


def test_without_the_root_it_is_not_trusted(desk: Path, tmp_path: Path) -> None:
    seal(desk, tmp_path / "sealed.ofd", "1:140,200")
    assert run("verify", tmp_path / "sealed.ofd").exit_code == 1


def test_one_file_that_cannot_be_read_ends_with_2_and_the_others_are_still_reported(desk: Path, tmp_path: Path) -> None:
    seal(desk, tmp_path / "sealed.ofd", "1:140,200")
    (tmp_path / "broken.ofd").write_bytes(b"PK\x03\x04 not a package")
    files = [tmp_path / "sealed.ofd", tmp_path / "broken.ofd", tmp_path / "missing.ofd"]
    found = run("verify", *files, "--trust", desk / "root.pem", "--json")
    assert found.exit_code == 2
    assert [json.loads(line)["readable"] for line in found.stdout.splitlines()] == [True, False, False]


def test_an_unsealed_file_is_readable_and_not_valid(desk: Path) -> None:
    found = run("verify", desk / "doc.ofd", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["signatures"] == []


def test_a_second_seal_leaves_the_first_valid(desk: Path, tmp_path: Path) -> None:
    assert seal(desk, tmp_path / "twice.ofd", "1:60,60", "1:140,200").exit_code == 0
    found = run("verify", tmp_path / "twice.ofd", "--trust", desk / "root.pem")
    assert found.exit_code == 0
    assert "江门市人民政府办公室" in found.stdout


def test_a_seam_seal_goes_over_all_pages_of_a_document(desk: Path, tmp_path: Path) -> None:
    several = tmp_path / "several.ofd"
    several.write_bytes(small_ofd(3))
    assert seal(desk, tmp_path / "seam.ofd", "3:140,200", options=("--seam", "right"), source=several).exit_code == 0
    stamps = read_signature_file(Package.open((tmp_path / "seam.ofd").read_bytes()), SIGNATURE).stamps
    assert [each.clip is not None for each in stamps] == [False, True, True, True]


def test_nothing_follows_a_seal_over_the_whole(desk: Path, tmp_path: Path) -> None:
    assert seal(desk, tmp_path / "whole.ofd", "1:60,60", options=("--whole",)).exit_code == 0
    found = seal(desk, tmp_path / "more.ofd", "1:140,200", source=tmp_path / "whole.ofd")
    assert "whole_protected" in found.output


def test_a_seal_without_a_place_is_refused(desk: Path, tmp_path: Path) -> None:
    assert "--seam EDGE" in seal(desk, tmp_path / "none.ofd").output


@pytest.mark.parametrize("place", ["1", "0:1,1", "x:1,1", "1:140", "9:140,200"])
def test_a_place_that_is_none_is_refused_and_nothing_is_written(desk: Path, tmp_path: Path, place: str) -> None:
    assert seal(desk, tmp_path / "none.ofd", place).exit_code != 0
    assert not (tmp_path / "none.ofd").exists()


def test_another_ones_key_does_not_seal(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(PrivateKey.generate().to_pem())
    keys = ["--seal", desk / "seal.esl", "--key", tmp_path / "key.pem", "--cert", desk / "cert.pem"]
    found = run("seal", desk / "doc.ofd", tmp_path / "none.ofd", *keys, "--at", "1:140,200")
    assert found.exit_code == 1
    assert not (tmp_path / "none.ofd").exists()


def test_an_encrypted_key_asks_for_its_password(desk: Path, tmp_path: Path) -> None:
    plain = PrivateKey.from_pem((desk / "key.pem").read_bytes())
    (tmp_path / "key.pem").write_bytes(plain.to_pem(password=b"two words"))
    keys = ["--seal", desk / "seal.esl", "--key", tmp_path / "key.pem", "--cert", desk / "cert.pem"]
    arguments = ["seal", str(desk / "doc.ofd"), str(tmp_path / "sealed.ofd"), *map(str, keys), "--at", "1:140,200"]
    assert CliRunner().invoke(main, arguments, input="wrong\n").exit_code == 1
    assert CliRunner().invoke(main, arguments, input="two words\n").exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "not JSON"), ('{"title": "通知"}', "issuer_mark"), ('{"title": 3}', "$")],
)
def test_a_document_that_is_none_is_refused_by_name(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "doc.json").write_text(content, encoding="utf-8")
    found = run("typeset", tmp_path / "doc.json", "--ofd", tmp_path / "doc.ofd")
    assert found.exit_code == 1
    assert said in found.output
    assert not (tmp_path / "doc.ofd").exists()


def test_a_result_that_cannot_be_written_is_said(desk: Path, tmp_path: Path) -> None:
    failed = seal(desk, tmp_path / "nowhere" / "sealed.ofd", "1:140,200")
    assert (failed.exit_code, "cannot be written: No such file" in failed.output) == (1, True)


def test_a_document_saved_by_an_editor_with_a_byte_order_mark_is_read(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "doc.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(small_gongwen()).encode())
    assert run("typeset", tmp_path / "doc.json", "--pdf", tmp_path / "doc.pdf").exit_code == 0


def test_a_file_that_is_no_certificate_is_named(desk: Path, tmp_path: Path) -> None:
    wrong = ["--seal", desk / "seal.esl", "--key", desk / "key.pem", "--cert", desk / "doc.ofd", "--at", "1:140,200"]
    failed = run("seal", desk / "doc.ofd", tmp_path / "sealed.ofd", *wrong)
    assert (failed.exit_code, "--cert" in failed.output, "doc.ofd: bad_certificate" in failed.output) == (1, True, True)


def test_the_command_itself_starts_without_a_centre(desk: Path, tmp_path: Path) -> None:
    """As installed, from another folder, with no settings: nothing of Django is needed."""
    command = Path(__file__).resolve().parents[2] / ".venv" / "bin" / "yichuan"
    run_there = subprocess.run(
        [command, "verify", desk / "doc.ofd"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (run_there.returncode, "没有签名" in run_there.stdout) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.samples
def test_two_forgeries_that_fool_the_reference_implementation_are_rejected(samples: Path) -> None:
    for name in ("peer-forge-not-in-list.ofd", "peer-forge-seal.ofd"):
        found = run("verify", samples / "ofd" / name, "--json")
        signature = json.loads(found.stdout)["signatures"][0]
        assert "failed" in (signature["seal"], signature["signer"])
        assert found.exit_code == 1
