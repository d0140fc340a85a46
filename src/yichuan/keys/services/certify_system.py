"""签发系统接入证书: another system's TLS client certificate, for the key in its certification request."""

from datetime import timedelta

from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.permissions import KeysPermission
from yichuan.keys.services.certify import certify
from yichuan.keys.states import Use
from yichuan.lib.gm.csr import SigningRequest
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Name

LASTS = timedelta(days=365 * 2)
LONGEST_NAME = 40


def certify_system(*, actor: Actor, name: str, request: bytes) -> IssuedCertificate:
    """Certify the request's key under `name`, which the security officer gives the system. A command.

    What the request asks to be called counts for nothing: anybody could ask to be the centre.
    """
    check(actor, KeysPermission.MANAGE_CERTIFICATES, IssuedCertificate())
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or hides_something(name):
        raise Invalid({"name": f"请填写系统名称，最多 {LONGEST_NAME} 个字，不能有看不见的字符。"})
    key = _read(request).public_key
    try:
        with command():
            return certify(
                actor=actor,
                use=Use.TLS_CLIENT,
                holder_kind="system",
                holder_id=None,
                holder_name=name,
                subject=Name(common_name=name),
                public_key=key,
                lasts=LASTS,
            )
    except Refused as refusal:
        if refusal.code != "key_taken":
            raise
        raise Invalid({"request": refusal.message}) from refusal


def _read(request: bytes) -> SigningRequest:
    try:
        return SigningRequest.read(request)
    except GmError as error:
        if error.code == "wrong_signature":
            words = "证书请求的签名不对，不能证明对方持有密钥。请对方用 SM2 密钥（默认用户标识）重新生成。"
        elif error.code in ("not_sm2", "unsupported_algorithm"):
            words = "证书请求用的不是国密（SM2）密钥，请对方重新生成。"
        else:
            words = "读不出证书请求。请选择 PEM 或者 DER 格式的证书请求文件（.csr）。"
        raise Invalid({"request": words}) from error
