"""What three parties agree on: the request of a session, its digest, and the code they read to one another (J-23).

Words and arithmetic alone. What is shown is made from the request and from nothing else, so what was shown is signed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from yichuan.lib.gm.sm3 import sm3
from yichuan.seals.kinds import Carrier, Cause, CustodyRole, Matter, OpeningKind, Party

LASTS = timedelta(minutes=10)
"""From the opening of a session to its end, minutes signed and all."""
PROOF_LASTS = timedelta(seconds=60)
GRACE = timedelta(seconds=10)
"""How late a fresh signature of presence may be."""

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
PARTIES = (Party.SUPERVISOR, Party.OPERATOR, Party.UNIT)
PARTY_ROLES = {
    Party.SUPERVISOR: "监督方",
    Party.OPERATOR: "制作方，管理密码设备",
    Party.UNIT: "用章单位",
}
TITLES = {Matter.MAKE: "制章会签", Matter.CHANGE: "换章会签", Matter.DESTROY: "销毁会签"}
DONE_BY = {Matter.MAKE: "制作印章", Matter.CHANGE: "制作新印章", Matter.DESTROY: "销毁印章"}
KEYS = {
    Carrier.DEVICE: "在中心密码设备内生成，私钥不出设备",
    Carrier.FILE: "在用章单位的浏览器内生成，写进密钥文件，私钥不上传",
    Carrier.USB: "在用章单位的 USB Key 内生成，私钥不出 USB Key",
}
ENDS = {
    Carrier.DEVICE: "密码设备内的两个密钥一并销毁",
    Carrier.FILE: "密钥文件及其备份当场删除，验证印章的密钥在密码设备内销毁",
    Carrier.USB: "USB Key 当场清空，验证印章的密钥在密码设备内销毁",
}


@dataclass(frozen=True)
class Row:
    """One line of what is agreed on; a digest is shown in groups."""

    label: str
    text: str
    digest: bool = False

    @property
    def groups(self) -> list[str]:
        """The digest in two lines of four groups of eight digits."""
        eights = [self.text[at : at + 8] for at in range(0, len(self.text), 8)]
        return [" ".join(eights[:4]), " ".join(eights[4:])]


def canonical(request: Mapping[str, Any]) -> str:
    """The request as one text, the same on every machine: what is digested, here and in the browsers."""
    return json.dumps(request, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of_request(request: Mapping[str, Any]) -> str:
    """SM3 over the canonical text, in hex."""
    return sm3(canonical(request).encode()).hex()


def check_code(digest: str) -> str:
    """The code (核对码) that the three read to one another: 30 bits of the digest in two groups."""
    number, letters = int(digest[:16], 16), []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[rest])
    return f"{''.join(letters[:3])} {''.join(letters[3:])}"


def rows_of(request: Mapping[str, Any]) -> list[Row]:
    """What each of the three is shown, line by line."""
    seal, carrier = request["seal"], Carrier(request["carrier"])
    rows = [Row("印章名称", seal["name"])]
    if request["matter"] == Matter.DESTROY:
        rows.append(Row("销毁原因", Cause(request["cause"]).label))
        rows.append(Row("证书序号", "、".join(seal["serials"])))
        rows.append(Row("印章 SM3", seal["digest"], digest=True))
        rows.append(Row("销毁内容", ENDS[carrier]))
        return rows
    custody, certificate = request["custody"], request["certificate"]
    if request["matter"] == Matter.CHANGE:
        rows.append(Row("换下旧章", f"{seal['replaces']}，{Cause(request['cause']).label}，办结时停用"))
    if special := request["imprint"].get("bottom_line"):
        rows.append(Row("专用章文字", special))
    holder = request["verification_holder"]["name"]
    rows.append(Row("两个部分", f"签名印章（盖章用）、验证印章（打印时验章用，{holder}保管）"))
    rows.append(Row("印模 SM3", request["imprint"]["digest"], digest=True))
    rows.append(Row("证书请求 SM3", sm3(canonical(certificate).encode()).hex(), digest=True))
    rows.append(Row("密钥", KEYS[carrier]))
    rows.append(Row("保管使用", _custody(custody)))
    since, until = (timezone.localtime(datetime.fromisoformat(certificate[name])) for name in ("since", "until"))
    rows.append(Row("有效期", f"{_day(since)} 至 {_day(until)}"))
    return rows


def _custody(custody: Mapping[str, Any]) -> str:
    names = [f"{each['name']}（{CustodyRole(each['role']).label}）" for each in custody["custodians"]]
    words = "、".join(names)
    if custody["quorum"] > 1:
        kind = OpeningKind(custody["opening_kind"]).label
        words += f"，须 {custody['quorum']} 人同意才能用印，{kind}"
    return words


def _day(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日"
