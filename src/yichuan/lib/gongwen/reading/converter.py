"""Other word processors' files (.doc, .wps, .rtf, .odt) become DOCX through LibreOffice, where it is installed.

The one place of ``lib`` that starts a process and writes files: LibreOffice reads and writes nothing else. The caller
says where ``soffice`` is and, if it matters, in which folder (best in memory) the files may lie for that moment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from yichuan.lib.gongwen.reading.result import ReadingError

ENDINGS = (".doc", ".wps", ".wpt", ".dot", ".rtf", ".odt")
_REMEDY = "save the file as .docx in the word processor, or install libreoffice-writer-nogui"
_LIMIT = 'ulimit -v "$1"; ulimit -f "$2"; shift 2; exec "$@"'  # a shell's limits hold for every process soffice starts
_FILE_BLOCK = 512  # what ulimit -f counts in; bash counts twice that
_WIPE = 1 << 20
# No macros, no links followed, no recent-files list.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/History"><prop oor:name="PickListSize" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""  # noqa: E501 - one setting a line


@dataclass(frozen=True)
class Converter:
    """Runs ``soffice`` once a file, alone in a profile and a folder of its own, within time and memory.

    ``soffice`` is the program's path; ``seconds`` and ``memory_bytes`` (address space of each process) bound one
    conversion; ``folder`` is where the files lie meanwhile, the system's temporary folder unless given.
    """

    soffice: Path
    seconds: float = 60.0
    memory_bytes: int = 4 * 2**30
    output_bytes: int = 64 * 2**20
    folder: Path | None = None

    def to_docx(self, data: bytes, ending: str) -> bytes:
        """The file as DOCX. ``ending`` is that of its name, one of ``ENDINGS``: LibreOffice asks for it.

        :raises ReadingError: ``not_convertible`` for another ending, ``converter_missing``, ``converter_timeout``,
            ``converter_failed`` when LibreOffice gave up or wrote nothing.
        """
        if ending.lower() not in ENDINGS:
            raise ReadingError(
                "not_convertible", f"{ending!r} files are not taken; convertible are {', '.join(ENDINGS)}"
            )
        if not os.access(self.soffice, os.X_OK):
            raise ReadingError("converter_missing", f"LibreOffice is not at {self.soffice}; {_REMEDY}")
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="convert-") as name:
            room = Path(name)
            try:
                return self._convert(room, data, ending.lower())
            finally:
                _wipe(room)

    def _convert(self, room: Path, data: bytes, ending: str) -> bytes:
        source, out = room / f"source{ending}", room / "out"
        settings = room / "profile" / "user"
        settings.mkdir(parents=True)
        out.mkdir()
        source.write_bytes(data)
        (settings / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        command = [
            "/bin/sh", "-c", _LIMIT, "sh", str(self.memory_bytes // 1024), str(self.output_bytes // _FILE_BLOCK),
            str(self.soffice), f"-env:UserInstallation={(room / 'profile').as_uri()}", "--headless", "--norestore",
            "--nolockcheck", "--nodefault", "--convert-to", "docx", "--outdir", str(out), str(source),
        ]  # fmt: skip
        environment = {"HOME": str(room), "TMPDIR": str(room), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
        self._run(command, environment)
        result = out / "source.docx"
        if not result.is_file():
            raise ReadingError("converter_failed", f"LibreOffice could not read the file; {_REMEDY}")
        if result.stat().st_size > self.output_bytes:
            raise ReadingError("too_large", f"the converted file is larger than {self.output_bytes} bytes")
        return result.read_bytes()

    def _run(self, command: list[str], environment: dict[str, str]) -> None:
        # A session of its own, so that everything soffice started ends with it.
        process = subprocess.Popen(  # noqa: S603 - the program is the caller's, every argument our own
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = process.wait(self.seconds)
        except subprocess.TimeoutExpired:
            raise ReadingError(
                "converter_timeout", f"LibreOffice took more than {self.seconds:g} seconds; {_REMEDY}"
            ) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if code != 0:
            raise ReadingError("converter_failed", f"LibreOffice ended with {code}; {_REMEDY}")


def _wipe(room: Path) -> None:
    """Overwrite every file: the texts are in the clear only here."""
    for folder, _, names in os.walk(room):
        for name in names:
            path = Path(folder) / name
            with contextlib.suppress(OSError):
                if path.is_symlink():
                    continue
                left = path.stat().st_size
                with path.open("r+b") as file:
                    while left > 0:
                        left -= file.write(bytes(min(left, _WIPE)))
                    file.flush()
                    os.fsync(file.fileno())
