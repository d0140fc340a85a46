"""What `yichuan doctor` looks at: each finding says what is so and, where it is bad, what to do."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlparse

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import localdate

from yichuan.audit.models import Entry
from yichuan.common import blobs, clock, profile
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.models import Centre
from yichuan.keys.selectors import SOON_DAYS, accepted_authorities, ending_lists, expiring, old_lists, published
from yichuan.keys.services.authority import ISSUING, OCSP, ROOT
from yichuan.keys.services.device_health import device_health, has_certificates
from yichuan.keys.services.registry import row_of
from yichuan.keys.states import CertificateState
from yichuan.lib.gm import selftest
from yichuan.lib.tls import RENEW_BEFORE, Pair, ends
from yichuan.operations.services.doctor_log import checkpoints_sent, log_tree
from yichuan.org.duties import ADMINISTRATORS, Duty
from yichuan.org.models import CentreRole, Post, Unit
from yichuan.org.selectors import in_force
from yichuan.seals.emblem import emblem
from yichuan.seals.selectors_status import published as status_list
from yichuan.seals.selectors_status import waiting
from yichuan.web.fonts import fonts

_NOT_OPENED = "还没有开通中心：请运行 yichuan init"
_UNSIGNED_FOR = timedelta(hours=1)
_BACKED_UP_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `away`: the database did not answer, so nothing is known of it."""

    name: str
    ok: bool
    note: str
    away: bool = False


def examine() -> list[Finding]:
    """Look at everything; one part's failure does not hide the others. A database that is away is said once, with the
    names of all that could not be looked at without it."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("国密算法", _cryptography),
        ("数据库", _database),
        ("正文存储", _blobs),
        ("密码设备", device_health),
        ("证书", _certificates),
        ("外部证书机构", _outside),
        ("印章状态列表", _status_list),
        ("日志", log_tree),
        ("日志检查点", checkpoints_sent),
        ("国徽图样", _emblem),
        ("HTTPS", _https),
        ("字体", _fonts),
        ("交换规则", _profile),
        ("交换中心", _centre),
        ("备份", _backup),
    ]
    found = [_look(name, look) for name, look in looks]
    away = [each for each in found if each.away]
    if len(away) < 2:
        return found
    without = Finding("没有检查", False, f"{'、'.join(each.name for each in away[1:])}：数据库通了才能检查")
    return [*(each for each in found if each not in away[1:]), without]


def _look(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except RuntimeError as error:  # what a look says itself
        return Finding(name, False, str(error))
    except OperationalError as error:
        said = f"数据库没有应答（{str(error).splitlines()[0]}）"
        return Finding(name, False, f"{said}。请检查它是否在运行，YICHUAN_DATABASE_URL 是否写对", away=True)
    except Exception as error:
        return Finding(name, False, f"{type(error).__name__}：{error}")


def _cryptography() -> str:
    selftest.run()
    return "SM2、SM3、SM4-GCM 的结果与标准一致"


def _database() -> str:
    connection.ensure_connection()
    if not connection.introspection.table_names():
        return f"{connection.vendor}，是空的：请运行 yichuan init；只想看看，可以运行 yichuan demo"
    waiting = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    if waiting:
        raise RuntimeError(f"还有 {len(waiting)} 项表结构升级没有做；yichuan serve 启动时会做")
    return f"{connection.vendor}，表结构是最新的"


def _blobs() -> str:
    store = blobs.store()
    try:
        name = store.put([b"doctor"])
        read = b"".join(store.read(name))
        store.remove(name)
    except Unavailable as refusal:
        raise RuntimeError(str(refusal.__cause__ or refusal)) from refusal
    if read != b"doctor":
        raise RuntimeError("读出来的和写进去的不一样")
    if urlparse(settings.YICHUAN_BLOBS_URL).path.startswith(tempfile.gettempdir() + "/"):
        return "能写能读；它在临时文件夹里，重启会丢，请换到长期保存的地方"
    return "能写能读"


def _certificates() -> str:
    if not has_certificates():
        return _NOT_OPENED
    at = clock.now()
    for label in (ROOT, ISSUING, OCSP):
        row = row_of(label)
        if row.state != CertificateState.VALID or row.expires_at <= at:
            raise RuntimeError(f"{row.subject} 的证书已到期或者吊销，它签发的证书不再可信")
    for label in (ROOT, ISSUING):
        newest = published(label)
        if newest is None or newest.next_update is None or newest.next_update <= at:
            raise RuntimeError(f"{label} 的吊销列表过期了。它由 yichuan serve 的定时进程发布，请查看其日志和密码设备")
    for old in old_lists(at):
        raise RuntimeError(
            f"{old.issuer} 的吊销列表应每天发布，最近一次是 {localdate(old.this_update)}。"
            "请检查 yichuan serve 是否在运行，查看其日志和密码设备"
        )
    ending = expiring(at + timedelta(days=SOON_DAYS)).count()
    said = f"{SOON_DAYS} 天内有 {ending} 张到期，请在证书台账换发" if ending else "近期没有到期的"
    return f"根证书、签发机构、状态应答都有效，吊销列表是新的；{said}"


def _outside() -> str:
    if not has_certificates():
        return _NOT_OPENED
    ending = [f"{row.authority.subject}（{localdate(row.next_update)}）" for row in ending_lists(clock.now())]
    if ending:
        raise RuntimeError(
            f"吊销列表已过期或者即将过期：{'、'.join(ending)}。请向该机构取最新的，在「外部信任名单」里导入，否则它的证书不再认可"
        )
    return f"信任 {accepted_authorities().count()} 家，吊销列表是新的"


def _status_list() -> str:
    if not has_certificates():
        return _NOT_OPENED
    at, newest = clock.now(), status_list()
    mend = "yichuan serve 每天签发，有变动时也签发。请检查它是否在运行，查看其日志和密码设备"
    if newest is None or newest.this_update is None or newest.next_update is None:
        raise RuntimeError(f"还没有签发过。{mend}")
    said = f"第 {newest.number} 号，{_age(at - newest.this_update)}前签发"
    if newest.next_update <= at:
        raise RuntimeError(f"{said}，{localdate(newest.next_update)} 已过期。{mend}")
    if (wanted := waiting(at - _UNSIGNED_FOR)) is not None:
        raise RuntimeError(f"{said}；新的一份等签名已 {_age(at - wanted.wanted_at)}。{mend}")
    return f"{said}，{localdate(newest.next_update)} 前有效"


def _age(past: timedelta) -> str:
    hours = past // timedelta(hours=1)
    return f"{hours} 小时" if hours < 48 else f"{hours // 24} 天"


def _backup() -> str:
    if not has_certificates():
        return _NOT_OPENED
    newest = Entry.objects.filter(verb="operations.backup").order_by("-at").first()
    if newest is None:
        return "还没有做过：每晚运行 yichuan backup DIR，主密钥另存保险柜（docs/backup.md）"
    said = f"最近一次在 {_age(clock.now() - newest.at)}前"
    if clock.now() - newest.at > _BACKED_UP_WITHIN:
        raise RuntimeError(f"{said}。请检查每晚的 yichuan backup 是否还在运行（docs/backup.md）")
    return said


def _emblem() -> str:
    if not settings.YICHUAN_EMBLEM:
        return "没有配置（YICHUAN_EMBLEM）：带国徽的印模不能在这里绘制，只能由扫描件清理而来"
    try:
        emblem()
    except Refused as refusal:
        raise RuntimeError(
            f"{settings.YICHUAN_EMBLEM}：{refusal.__cause__}。请让 YICHUAN_EMBLEM 指向一个只含路径、本用户读得到的 SVG"
            "（docs/imprints.md）"
        ) from refusal
    return f"{settings.YICHUAN_EMBLEM} 读得出，画得出"


def _https() -> str:
    origin = urlparse(settings.YICHUAN_ORIGIN)
    if origin.scheme != "https":
        if origin.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise RuntimeError(f"YICHUAN_ORIGIN 是 {settings.YICHUAN_ORIGIN}：别的机器访问必须用 https，见 --tls")
        return "不需要：页面只给本机用"
    certificate, key = (settings.SECRETS / "tls" / name for name in ("server.pem", "server.key"))
    if not certificate.exists():
        return "由前面的反向代理提供"
    end = ends(Pair(certificate.read_bytes(), b""))
    if end - RENEW_BEFORE <= clock.now():
        raise RuntimeError(f"页面的证书 {localdate(end)} 到期：重新启动 yichuan serve --tls 就会换发")
    if key.stat().st_mode & 0o077:
        raise RuntimeError(f"{key} 别人读得到，请运行：chmod 600 {key}")
    return f"由中心自己提供，证书 {localdate(end)} 到期"


def _fonts() -> str:
    fonts()
    return "GB/T 9704 用到的字体都在"


def _profile() -> str:
    return profile.current().title


def _centre() -> str:
    tables = connection.introspection.table_names()
    centre = Centre.objects.first() if Centre._meta.db_table in tables else None
    if centre is None:
        return _NOT_OPENED
    held = set(in_force(Post.objects.filter(duty__in=ADMINISTRATORS)).values_list("duty", flat=True))
    vacant = sorted(ADMINISTRATORS - held)
    if vacant:
        raise RuntimeError(f"{'、'.join(Duty(each).label for each in vacant)}空缺，请其他管理员申请任命")
    units = Unit.objects.filter(closed_at=None).count()
    roles = CentreRole.objects.select_related("unit")
    parts = "".join(f"，{role.get_role_display()}：{role.unit.short_name}" for role in roles)
    return f"{centre.name}，{localdate(centre.opened_at)} 开通，三员齐全，{units} 个单位{parts}"
