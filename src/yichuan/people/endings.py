"""Why a session is over, in the words of the login page."""

from django.http import HttpRequest
from django.utils import timezone

from yichuan.common import profile
from yichuan.people.models import OpenSession
from yichuan.people.services.keep_session import session_of

End = OpenSession.End


def words(request: HttpRequest) -> str:
    """Why the session of this browser ended; plain words where nothing is known of it."""
    session = session_of(request.session)
    if session is None or session.ended_at is None:
        return "登录已过期，请重新登录。"
    at = f"{timezone.localtime(session.ended_at):%H:%M} "
    limits = profile.current().sessions
    return {
        End.IDLE: f"{limits.idle.seconds // 60} 分钟没有操作，{at}已自动退出，请重新登录。",
        End.TOO_LONG: f"登录已满 {limits.longest.seconds // 3600} 小时，请重新登录。",
        End.ELSEWHERE: f"你的账号{at}在别处登录，这里的登录已过期。不是你本人的话，请马上改密码并告诉本单位管理员。",
        End.ENDED: f"{at}在另一处结束了这里的登录，登录已过期。",
        End.PASSWORD: f"{at}密码已更改，这里的登录已过期，请用新密码登录。",
        End.SUSPENDED: f"{at}账号已停用，这里的登录已结束。请找本单位管理员问明原因。",
        End.DEVICE: f"{at}这台设备已封存，这里的登录已结束。请找系统保密员。",
        End.CERTIFICATE: f"{at}登录用的证书已停用，这里的登录已结束。不是你挂失的，请马上找系统保密员。",
    }.get(End(session.end), "登录已结束，请重新登录。")
