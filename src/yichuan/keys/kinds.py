"""What a certificate is for, how it stands, and why it ends early: words alone, so that models may use them."""

from yichuan.common.labels import Labelled


class Use(Labelled):
    """What the centre issues certificates for."""

    ROOT = "root", "根证书"
    ISSUING = "issuing", "签发证书"
    OCSP = "ocsp", "状态应答"
    CENTRE = "centre", "中心签名"
    SEAL_MAKER = "seal_maker", "制章"
    SEAL = "seal", "印章"
    VERIFICATION_SEAL = "verification_seal", "校验章"
    PDF_ISSUING = "pdf_issuing", "PDF 印章签发证书"
    PDF_SEAL = "pdf_seal", "PDF 印章"
    TIME_STAMP = "time_stamp", "时间戳"
    LOGIN = "login", "个人身份"
    UNIT = "unit", "单位加密"
    TLS_CLIENT = "tls_client", "系统接入"
    TLS_SERVER = "tls_server", "网站"


AUTHORITIES = (Use.ROOT, Use.ISSUING, Use.PDF_ISSUING)


class CertificateState(Labelled):
    VALID = "valid", "有效"
    HELD = "held", "已挂失"
    REVOKED = "revoked", "已吊销"
    SUPERSEDED = "superseded", "已更新"


class AuthorityState(Labelled):
    PROPOSED = "proposed", "待确认"
    ACCEPTED = "accepted", "已信任"
    WITHDRAWN = "withdrawn", "已停用"


class Why(Labelled):
    """Why a certificate was revoked; the values are those of RFC 5280, 5.3.1."""

    KEY_COMPROMISE = "key_compromise", "密钥泄露或者介质丢失"
    AFFILIATION_CHANGED = "affiliation_changed", "人员调动、单位变更"
    SUPERSEDED = "superseded", "已经换发新证书"
    CESSATION_OF_OPERATION = "cessation_of_operation", "不再使用"
    PRIVILEGE_WITHDRAWN = "privilege_withdrawn", "停止使用权限"
