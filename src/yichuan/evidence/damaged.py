"""A log that can prove nothing about a document any more."""

from yichuan.common.errors import Refused


class DamagedLog(Refused):
    """What is kept of the log's entries or of their tree was damaged; `what` says it as half a sentence."""

    def __init__(self, what: str = "日志的存储残缺，证明做不出来") -> None:
        super().__init__("log_damaged", f"{what}，没有导出证据包。请告知审计员核验全部日志。")
