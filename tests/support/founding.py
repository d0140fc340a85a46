"""`yichuan init` as a process of its own, and what it is told."""

import sqlite3
import subprocess
import sys
from pathlib import Path

from support.served import settings_of

ANSWERS = """
centre = "江门市"
profile = "jiangmen-2008"
qualified = true
system_admin = { username = "zhou", name = "周系统" }
security_officer = { username = "wubao", name = "吴保密" }
auditor = { username = "zheng", name = "郑审计" }

[supervising]
name = "江门市人民政府办公室"
short_name = "市府办公室"
unit_admin = { username = "chen", name = "陈管理" }
officer = { username = "lishen", name = "李审批" }

[operating]
name = "江门市信息产业局"
short_name = "市信息产业局"
unit_admin = { username = "huang", name = "黄管理" }
officer = { username = "huang", name = "黄管理" }
"""


def yichuan(home: Path, *arguments: str, told: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yichuan.cli", *arguments],
        env=settings_of(home) | {"YICHUAN_PROFILE": ""} | settings,
        input=told, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def init(home: Path, answers: str = ANSWERS, *more: str) -> subprocess.CompletedProcess[str]:
    return yichuan(home, "init", "--answers", "-", *more, told=answers)


def rows(home: Path, table: str) -> int:
    with sqlite3.connect(home / "centre" / "centre.sqlite3") as opened:
        return int(opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a name of ours
