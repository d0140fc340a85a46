"""The words of a seal's life: its parts, carriers, states, and why it ends. Words alone, for models to use."""

from yichuan.common.labels import Labelled


class Part(Labelled):
    """The two parts of a seal (J-18)."""

    SIGNING = "signing", "签名印章"
    VERIFICATION = "verification", "验证印章"


class Carrier(Labelled):
    """Where the key of a part rests (J-24): with the unit, or by its choice in writing in the centre's device."""

    DEVICE = "device", "密码设备托管"
    FILE = "file", "密钥文件"
    USB = "usb", "USB Key"


class OpeningKind(Labelled):
    """For how long custodians open a seal, as the unit chose."""

    DOCUMENT = "document", "每次一件"
    COUNT = "count", "一批若干件"
    PERIOD = "period", "一段时间"


class OpeningMatter(Labelled):
    """What custodians open a seal for."""

    USE = "use", "用印"
    CHANGE = "change", "更换保管人"


class Matter(Labelled):
    """What is done to a seal under three pairs of eyes (J-20)."""

    MAKE = "make", "制作"
    CHANGE = "change", "变更"
    DESTROY = "destroy", "销毁"


class Cause(Labelled):
    """Why a seal is made, changed, taken out of use or destroyed (J-25)."""

    NEW = "new", "新制"
    DAMAGE = "damage", "损坏"
    LOSS = "loss", "遗失"
    EXPIRY = "expiry", "到期换发"
    RENAME = "rename", "单位更名"
    MERGER = "merger", "单位合并"
    DEREGISTRATION = "deregistration", "单位注销"
    OTHER = "other", "其他"


class SealState(Labelled):
    """How a seal stands."""

    MAKING = "making", "正在制作"
    IN_USE = "in_use", "在用"
    SUSPENDED = "suspended", "已暂停"
    WITHDRAWN = "withdrawn", "已停用"
    HANDED_IN = "handed_in", "已交回"
    DESTROYED = "destroyed", "已销毁"


class ApplicationState(Labelled):
    """How an application for a seal stands (J-21)."""

    DRAFT = "draft", "草稿"
    TO_SIGN = "to_sign", "待负责人签字"
    SUBMITTED = "submitted", "待审批"
    APPROVED = "approved", "待制作"
    DONE = "done", "已办结"
    RETURNED = "returned", "待补正"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


class CeremonyState(Labelled):
    """How a session of three parties stands (J-23)."""

    GATHERING = "gathering", "三方到场"
    MAKING = "making", "正在办理"
    MINUTES = "minutes", "签署纪要"
    DONE = "done", "已办结"
    ABORTED = "aborted", "已作废"


class Party(Labelled):
    """The three who must be present at the same time (J-23)."""

    SUPERVISOR = "supervisor", "监督方"
    OPERATOR = "operator", "制作方"
    UNIT = "unit", "用章单位"


class CustodyRole(Labelled):
    """What somebody keeps of a seal (J-24): with one custodian, both; carrier and password may be two people's."""

    CUSTODIAN = "custodian", "保管人"
    CARRIER = "carrier", "载体保管人"
    PASSWORD = "password", "密码保管人"


class OpeningState(Labelled):
    """How the opening of a seal stands."""

    ASKED = "asked", "等待同意"
    OPEN = "open", "已开启"
    CLOSED = "closed", "已结束"
    REFUSED = "refused", "未同意"
