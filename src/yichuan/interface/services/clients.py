"""What the verbs on clients share: finding one, its secret, and the rules of its name."""

import hmac
import secrets
import uuid

from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.transactions import require_transaction
from yichuan.interface.models import Client
from yichuan.lib.gm.sm3 import sm3

LONGEST_NAME = 40


def digest(secret: str) -> str:
    """What is kept of a secret or a token. Both are 256 random bits, so one round of SM3 is enough."""
    return sm3(secret.encode()).hex()


def drawn() -> str:
    """256 random bits in letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(32)


def is_secret_of(client: Client, secret: str) -> bool:
    """Whether it is the client's secret."""
    return hmac.compare_digest(client.secret, digest(secret))


def checked_name(name: str) -> str:
    """The name of an office system. Raises `Invalid` for `name`."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": f"系统名称应在 1 到 {LONGEST_NAME} 个字之间。"})
    if hides_something(name):
        raise Invalid({"name": "系统名称里有看不见的字符，请重新输入。"})
    return name


def locked_client(client_id: uuid.UUID) -> Client:
    """Lock one that is in use. A step."""
    require_transaction()
    client = Client.objects.select_for_update(of=("self",)).select_related("account", "unit").filter(pk=client_id)
    found = client.first()
    if found is None:
        raise NotFound("no_client", "没有这个办公系统接口，请用 yichuan client list 查看编号。")
    if found.cut_at is not None:
        raise Refused("client_cut", f"「{found.name}」的接口已经停用，需要恢复时请另行登记。")
    return found
