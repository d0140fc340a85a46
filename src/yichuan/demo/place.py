"""Where the demonstration lives: a centre of its own under `var/`, made anew each time."""

import os
import shutil
from pathlib import Path

import click

MARK = "this-is-a-demonstration"


def prepare(port: int, *, once: bool) -> None:
    """Empty the demonstration's folders and point the settings at them.

    Refuses a folder that it did not make. One that only checks itself lives in a folder of its own beside.
    """
    home = Path(os.environ.get("YICHUAN_HOME") or ("var/demo-once" if once else "var/demo")).resolve()
    secrets = home.parent / f"{home.name}-secrets"
    for folder in (home, secrets):
        if folder.exists():
            if not (folder / MARK).exists():
                raise click.ClickException(f"{folder} 不是演示建的文件夹；请用 YICHUAN_HOME 指定另一个")
            _empty(folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / MARK).touch()
    os.environ["YICHUAN_HOME"] = str(home)
    os.environ["YICHUAN_SECRETS"] = str(secrets)
    for name in ("YICHUAN_DATABASE_URL", "YICHUAN_BLOBS_URL", "YICHUAN_KEYS_URL"):
        os.environ.pop(name, None)
    os.environ["YICHUAN_ORIGIN"] = f"http://127.0.0.1:{port}"
    os.environ["YICHUAN_FEED_URL"] = f":{port + 1}/feed/"


def _empty(folder: Path) -> None:
    """All but the mark, so that a removal that was interrupted can be made again."""
    for each in folder.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each.name != MARK:
            each.unlink(missing_ok=True)
