"""`yichuan init`: the one way in which a centre and its first administrators come to be."""

import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction

from support.founding import ANSWERS, init, rows, yichuan
from support.served import settings_of
from support.world import World
from yichuan.audit.models import Entry
from yichuan.cli import main
from yichuan.common import profile
from yichuan.common.errors import Refused
from yichuan.common.models import Centre
from yichuan.keys.models import IssuedCertificate, SoftKey
from yichuan.operations.services.open_centre import open_centre
from yichuan.org.duties import ADMINISTRATORS, Duty
from yichuan.org.models import CentreRole, Post, Unit
from yichuan.org.services.found_administrators import found
from yichuan.people.models import Account
from yichuan.people.services import slip

POSTS = """
import django; django.setup()
from yichuan.org.models import CentreRole, Post
for post in Post.objects.select_related("account", "unit").order_by("account__username", "duty"):
    who = post.account
    print(who.username, post.duty, post.unit.short_name if post.unit else "-", who.must_change_password)
for role in CentreRole.objects.select_related("unit").order_by("role"):
    print(role.role, role.unit.short_name)
"""


PASSWORD = re.compile(r"初始密码 (\S{12})$", re.MULTILINE)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("opened")
    done = init(home)
    assert done.returncode == 0, done.stderr
    return home, done.stdout


def test_it_makes_three_administrators_and_the_units_that_run_the_centre(opened: tuple[Path, str]) -> None:
    found = subprocess.run(
        [sys.executable, "-c", POSTS],
        env=settings_of(opened[0]), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert found.stdout.splitlines() == [
        "chen unit_admin 市府办公室 True",
        "huang operator 市信息产业局 True",
        "huang unit_admin 市信息产业局 True",
        "lishen supervisor 市府办公室 True",
        "wubao security_officer - True",
        "zheng auditor - True",
        "zhou system_admin - True",
        "operating 市信息产业局",
        "supervising 市府办公室",
    ]


def test_it_prints_once_what_belongs_in_a_safe(opened: tuple[Path, str]) -> None:
    home, said = opened
    passwords = PASSWORD.findall(said)
    assert len(passwords) == len(set(passwords)) == 6
    root = subprocess.run(
        [
            sys.executable, "-c", "import django; django.setup()\nfrom yichuan.keys.services.authority import *\n"
            "print(certificate_of(ROOT).fingerprint.hex().upper())",
        ],
        env=settings_of(home), capture_output=True, text=True, check=True, timeout=60,
    ).stdout.strip()  # fmt: skip
    assert root in said.replace(" ", "").replace("\n", "")
    assert f"{home}/secrets/master.key" in said
    kept = b"".join(path.read_bytes() for path in (home / "centre").rglob("*") if path.is_file())
    assert [each for each in passwords if each.encode() in kept] == []


def test_a_centre_that_is_open_is_not_opened_again(opened: tuple[Path, str]) -> None:
    again = init(opened[0])
    assert again.returncode == 1
    assert "已在" in again.stderr and "yichuan doctor" in again.stderr
    assert "初始密码" not in again.stdout
    assert rows(opened[0], "people_account") == 6


def test_the_doctor_reports_the_centre(opened: tuple[Path, str]) -> None:
    said = yichuan(opened[0], "doctor").stdout
    assert "正常  交换中心：江门市，" in said
    assert "主管单位：市府办公室" in said and "承办单位：市信息产业局" in said
    assert "正常  交换规则：江门市电子公文交换暂行办法" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('username = "zheng"', 'username = "zhou"', "必须是不同的人"),
        ('username = "zheng"', 'username = "ZHOU"', "必须是不同的人"),
        ("郑审计", "周系统", "必须是不同的人"),
        ("郑审计", "周 系统 ", "必须是不同的人"),
        ('{ username = "lishen", name = "李审批" }', '{ username = "lishen", name = "周系统" }', "一人只能有一个账号"),
        ("jiangmen-2008", "nowhere-1999", "jiangmen-2008"),
        ('centre = "江门市"', 'centre = "江门\u200b市"', "交换中心的名称"),
        ("qualified = true", "", "qualified = true"),
        ('name = "郑审计"', 'name = ""', "缺少 name"),
        ("[operating]", "[elsewhere]", "不认识的内容"),
        ('centre = "江门市"', "centre = 江门市", "不是正确的 TOML"),
        ('officer = { username = "lishen"', 'officer = { username = "李"', "账号用 3 到 40 个"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stays(db: None, old: str, new: str, said: str) -> None:
    assert old in ANSWERS
    done = CliRunner().invoke(main, ["init", "--answers", "-"], input=ANSWERS.replace(old, new, 1))
    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stdout == ""
    for model in (Centre, Account, Unit, SoftKey, IssuedCertificate, Entry):
        assert not model.objects.exists(), model


def test_a_database_of_another_system_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "centre").mkdir()
    with sqlite3.connect(tmp_path / "centre" / "centre.sqlite3") as foreign:
        foreign.execute("CREATE TABLE wages (amount integer)")
    done = init(tmp_path)
    assert done.returncode == 1
    assert "wages" in done.stderr
    with sqlite3.connect(tmp_path / "centre" / "centre.sqlite3") as foreign:
        assert foreign.execute("SELECT name FROM sqlite_master").fetchall() == [("wages",)]


def test_slips_keep_the_passwords_off_the_screen(db: None, tmp_path: Path) -> None:
    slips = tmp_path / "slips"
    done = CliRunner().invoke(main, ["init", "--answers", "-", "--slips", str(slips)], input=ANSWERS)
    assert done.exit_code == 0, done.stderr
    assert stat.S_IMODE(slips.stat().st_mode) == 0o700
    written = sorted(slips.iterdir())
    assert len(written) == 6
    assert all(stat.S_IMODE(each.stat().st_mode) == 0o600 for each in written)
    assert all(each.read_bytes().startswith(b"%PDF-") for each in written)
    assert "见通知单" in done.stdout and not re.search(r"初始密码 \w{12}", done.stdout)


def test_a_folder_of_slips_that_is_not_empty_stops_it_before_anything_is_made(db: None, tmp_path: Path) -> None:
    (tmp_path / "other.pdf").touch()
    done = CliRunner().invoke(main, ["init", "--answers", "-", "--slips", str(tmp_path)], input=ANSWERS)
    assert done.exit_code == 1
    assert "不是空文件夹" in done.stderr
    assert not Centre.objects.exists()


def test_slips_that_cannot_be_written_lose_no_password(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(slip, "first_password_slip", full)
    done = CliRunner().invoke(main, ["init", "--answers", "-", "--slips", str(tmp_path / "s")], input=ANSWERS)
    assert done.exit_code == 0
    assert len(PASSWORD.findall(done.stdout)) == 6


def test_a_centre_without_the_units_that_run_it_is_not_opened(db: None) -> None:
    answers = ANSWERS[: ANSWERS.index("[operating]")]
    done = CliRunner().invoke(main, ["init", "--answers", "-"], input=answers)
    assert done.exit_code == 1
    assert "[operating]" in done.stderr and "承办单位" in done.stderr
    assert not Centre.objects.exists()


def test_a_person_at_the_prompt_is_asked_for_everything(db: None) -> None:
    told = "江门市\n1\nzhou\n周系统\nwubao\n吴保密\nzheng\n郑审计\ny\n江门市人民政府办公室\n市府办公室\n" + (
        "chen\n陈管理\nlishen\n李审批\nhejing\n何经办\ny\n"
    )
    done = CliRunner().invoke(main, ["init"], input=told)
    assert done.exit_code == 0, done.stderr
    assert len(PASSWORD.findall(done.stdout)) == 6
    assert {role.unit.short_name for role in CentreRole.objects.all()} == {"市府办公室"}
    assert CentreRole.objects.count() == 2


def test_who_does_not_affirm_that_the_people_qualify_opens_nothing(db: None) -> None:
    told = "江门市\n1\nzhou\n周系统\nwubao\n吴保密\nzheng\n郑审计\ny\n江门市人民政府办公室\n市府办公室\n" + (
        "chen\n陈管理\nlishen\n李审批\nhejing\n何经办\nn\n"
    )
    done = CliRunner().invoke(main, ["init"], input=told)
    assert done.exit_code == 1
    assert "没有确认在编和培训情况" in done.stderr
    assert not Centre.objects.exists()


def test_nobody_founds_administrators_a_second_time(world: World) -> None:
    auditor = world.holder(Duty.AUDITOR)
    Post.objects.filter(account=auditor).update(until=auditor.password_set_at)
    three = dict(zip(sorted(ADMINISTRATORS), list(world.clerk.values())[:3], strict=True))
    with pytest.raises(Refused, match="已经有管理员"), transaction.atomic():
        found(three)  # type: ignore[arg-type]


def test_a_centre_with_people_in_it_is_not_opened_anew(world: World) -> None:
    Centre.objects.all().delete()
    done = CliRunner().invoke(main, ["init", "--answers", "-"], input=ANSWERS)
    assert done.exit_code == 1
    assert "不是空的" in done.stderr


def test_a_centre_goes_by_the_rules_it_was_opened_with(
    db: None, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = profile.FOLDER / "jiangmen-2008.toml"
    for name in ("jiangmen-2008", "elsewhere-2020"):
        (tmp_path / f"{name}.toml").write_text(rules.read_text().replace("15:30:00", "17:00:00"))
    monkeypatch.setattr(profile, "FOLDER", tmp_path)
    settings.YICHUAN_PROFILE = ""  # type: ignore[attr-defined]
    profile.forget()
    assert profile.current().name == profile.UNOPENED
    open_centre("江门市", "elsewhere-2020")
    assert profile.current().name == "elsewhere-2020"
    settings.YICHUAN_PROFILE = "jiangmen-2008"  # type: ignore[attr-defined]
    assert profile.current().name == "jiangmen-2008"
    profile.forget()
    profile.load.cache_clear()
