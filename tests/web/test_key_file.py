"""Key files that were changed do not open: the browser's module, run by Node."""

import shutil
import subprocess

import pytest

from support.pages import WEB

OPENING = """
import { createRequire } from 'node:module';
globalThis.SmCryptoV2 = createRequire(import.meta.url)('STATIC/vendor/sm-crypto-v2.umd.js');
globalThis.isSecureContext = true;
const { CarrierError, open, seal } = await import('STATIC/yc/key_file.js');
const { newPair } = await import('STATIC/yc/sm2.js');
const file = JSON.parse(await seal({ name: '张三', certificate: 'MIIB', ...newPair(), password: '口令口令口令口令' }));
CHANGE;
try {
  console.log((await open(new Blob([JSON.stringify(file)]), '口令口令口令口令')).certificate);
} catch (error) {
  console.log(error instanceof CarrierError ? 'refused' : error);
}
"""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("", "MIIB"),
        ("file.certificate = 'MIIC'", "refused"),
        ("file.certificate = [file.certificate]", "refused"),
        ("file.kdf.salt = [file.kdf.salt]", "refused"),
        ("delete file.kdf.salt", "refused"),
    ],
    ids=["as made", "another certificate", "certificate in a list", "salt in a list", "no salt"],
)
def test_only_a_key_file_as_it_was_made_opens(change: str, said: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    script = OPENING.replace("STATIC", str(WEB / "static")).replace("CHANGE", change)
    ran = subprocess.run(
        [node, "--no-warnings", "--input-type=module", "-e", script], capture_output=True, text=True, check=False
    )
    assert ran.stdout.strip() == said, ran.stderr
