"""Every sentence a verification can say, in English for programs' users and in Chinese for pages.

The key is stable; `{…}` are filled in by the step.
"""

#: The steps by name, and what pages call them.
TITLES_ZH = {
    "signature_file": "签名描述文件",
    "structure": "签名值结构",
    "deviations": "与标准的出入",
    "digest_method": "摘要算法",
    "references": "受保护文件",
    "data_hash": "签名内容摘要",
    "signature_algorithm": "签名算法",
    "signature": "数字签名",
    "seal_file": "印章文件",
    "seal_structure": "印章结构",
    "seal_maker_signature": "制章签名",
    "seal_maker_certificate": "制章者证书",
    "signer_in_seal_list": "用印权限",
    "signer_certificate": "签章者证书",
    "signing_time": "签名时间",
    "seal_status": "印章状态",
    "seal_period": "印章有效期",
    "certificate_period": "证书有效期",
    "time_stamp": "时间戳",
    "coverage": "保护范围",
    "seal_time_stamp": "制章时间戳",
    "revocation": "证书吊销",
    "signer_revocation": "签章者证书吊销",
    "seal_maker_revocation": "制章者证书吊销",
    "relative": "所依据的签名",
    "list_missing": "清单所列文件",
    "list_unlisted": "清单外文件",
    "manifest": "证据包清单",
    "packer": "打包单位",
    "parts_missing": "缺少的内容",
    "parts_changed": "改动的内容",
    "parts_doubled": "重复的内容",
    "parts_foreign": "夹带的内容",
}

#: What came of following a certificate's path (`gm.x509.PathResult.code`), in Chinese.
PATH_ZH = {
    "ok": "由“{name}”验证",
    "expired": "“{name}”的证书已过有效期",
    "not_yet_valid": "“{name}”的证书当时尚未生效",
    "unknown_issuer": "没有“{name}”的颁发者“{issuer}”的证书",
    "wrong_issuer": "“{name}”的证书不是这一“{issuer}”的密钥颁发的",
    "altered": "“{name}”的证书上的签名与“{issuer}”的密钥不符",
    "not_a_ca": "“{name}”不是证书颁发机构，却颁发了证书",
    "path_length": "“{name}”之下的证书颁发机构层数过多",
    "wrong_usage": "“{name}”的证书不可用于此用途",
    "untrusted_root": "根证书“{name}”不在受信任之列",
    "unknown_extension": "“{name}”的证书有不认识的关键扩展",
    "unsupported": "“{name}”的证书不是以 SM2 和 SM3 签发的",
    "too_complex": "证书链过长或过于复杂",
}

FINDINGS: dict[str, tuple[str, str]] = {
    # structure
    "read": ("a {version} signature value", "签名值结构完整（{version}）"),
    "unreadable": ("cannot be read: {detail}", "无法读取：{detail}"),
    "missing": ("{name} is missing from the package", "文件包中缺少 {name}"),
    "shared": ("{name} belongs to another signature already", "{name} 已属于另一个签名"),
    "deviations": ("departs from the standard: {detail}", "与标准有出入：{detail}"),
    # references
    "digests_match": ("{count} protected files are unchanged", "受保护的 {count} 个文件均未改动"),
    "digests_differ": ("changed or missing since signing: {names}", "签名后被改动或缺失：{names}"),
    "nothing_protected": ("no file is protected", "没有保护任何文件"),
    "digest_method": ("digest method {name}", "摘要算法 {name}"),
    "digest_weak": (
        "digest method {name} no longer resists forgery",
        "摘要算法 {name} 已不安全",
    ),
    "digest_unknown": ("digest method {name} is not known here", "不认识摘要算法 {name}"),
    # signature over Signature.xml
    "hash_matches": ("{name} is as it was signed", "{name} 未改动"),
    "hash_differs": ("{name} was changed after signing", "{name} 在签名后被改动"),
    "hash_absent": ("the signature value holds no digest of {name}", "签名值中没有 {name} 的摘要"),
    "algorithm": ("SM2 with SM3", "算法为 SM2/SM3"),
    "algorithm_alias": ("{name} written for SM2 with SM3", "算法标识 {name} 不规范，按 SM2/SM3 处理"),
    "algorithm_differs": ("algorithm {name} does not go with the SM2 key", "算法标识 {name} 与 SM2 密钥不符"),
    "algorithm_unsupported": ("unsupported: algorithm {name} is not checked here", "不支持算法 {name}，未予验证"),
    "key_unsupported": (
        "unsupported: made with {name} and a key that is not SM2 ({detail})",
        "不支持：签名算法 {name}，密钥不是 SM2（{detail}）",
    ),
    "signature_holds": ("made with the key of {name}", "签名由“{name}”的密钥作出"),
    "signature_false": ("not made with the key of {name} over these bytes", "签名与“{name}”的密钥或内容不符"),
    "certificate_absent": ("the signature value holds no certificate", "签名值中没有签名证书"),
    "certificate_unreadable": ("the certificate cannot be used: {detail}", "证书无法使用：{detail}"),
    # seal
    "seal_read": ("{version} seal “{name}”", "电子印章“{name}”（{version}）"),
    "seal_none": ("a digital signature without a seal", "数字签名，不含电子印章"),
    "seal_claimed": (
        "a seal is drawn or named, but the signature value holds none",
        "文件显示或声称有印章，签名值中却没有印章",
    ),
    "seal_same": ("equals the seal inside the signature", "与签名值中的印章一致"),
    "seal_inside": ("the seal lies only inside the signature", "印章仅存于签名值内"),
    "seal_differs": ("{name} is another seal than the one signed with", "{name} 与签名所用印章不是同一枚"),
    # certificates
    "trusted": ("{detail}", "证书可信（{detail}）"),
    "untrusted": ("no trusted root leads to it: {detail}", "没有可信根证书可以验证它：{detail}"),
    "path_unsupported": ("unsupported: {detail}", "不支持的证书算法：{detail}"),
    "path_broken": ("{detail}", "证书链不成立：{detail}"),
    # revocation
    "not_revoked": ("{name} is not revoked by the list of {time}", "“{name}”不在 {time} 的吊销列表中"),
    "revoked": ("{name}: revoked on {time}, before the signature", "“{name}”的证书已于 {time} 吊销，早于签名时间"),
    "revoked_later": (
        "{name}: revoked on {time}, after the signature was there ({proven})",
        "“{name}”的证书于 {time} 吊销，而签名在 {proven} 已经存在，不受影响",
    ),
    "revoked_since": (
        "{name}: revoked on {time}; only the signer's own clock says that the signature is older",
        "“{name}”的证书已于 {time} 吊销，仅有签名人自报时间早于吊销，无法确认",
    ),
    "revocation_unknown": (
        "{name}: no valid revocation list of {issuer} tells how it stood",
        "没有“{issuer}”的有效吊销列表可以说明“{name}”的证书状态",
    ),
    "revocation_anchor": ("{name} is itself relied on", "“{name}”的证书本身即受信任"),
    "revocation_no_path": (
        "no path leads to a trusted certificate, so no list is asked",
        "没有可信证书链，无从查询吊销",
    ),
    "revocation_not_asked": ("no revocation list was given: not checked", "未提供吊销列表，未查证书吊销状态"),
    # how the seal stands
    "status_good": (
        "seal {name} is not among those ended in the status list of {time}",
        "印章“{name}”在 {time} 的印章状态列表中没有停用记录",
    ),
    "status_ended": (
        "seal {name}: {word} since {since}, before the signature (status list of {time})",
        "印章“{name}”已于 {since} {word}，签章在此之后（{time} 的印章状态列表）",
    ),
    "status_later": (
        "seal {name}: {word} since {since}, after the signature was there ({proven}; status list of {time})",
        "印章“{name}”于 {since} {word}，而签章在 {proven} 已经存在，不受影响（{time} 的印章状态列表）",
    ),
    "status_since": (
        "seal {name}: {word} since {since} (status list of {time}); only the signer's own clock says that the signature"
        " is older",
        "印章“{name}”已于 {since} {word}，仅有签章人自报时间早于它，没有时间戳，无法确认（{time} 的印章状态列表）",
    ),
    "status_unknown": (
        "no valid status list of {name} tells how the seal stood",
        "没有制章者“{name}”的有效印章状态列表可以说明印章状态",
    ),
    "in_list": ("the seal lists the signer's certificate", "签名证书在印章的签章者列表中"),
    "not_in_list": (
        "the seal does not list the certificate of {name}: a stranger used it",
        "印章的签章者列表中没有“{name}”的证书：用印人无权使用此印章",
    ),
    # time
    "time_claimed": ("{time}, by the signer's own clock", "{time}（签名人自报时间）"),
    "time_absent": ("no readable signing time", "没有可读的签名时间"),
    "time_future": ("{time} lies ahead of the time of this check", "签名时间 {time} 晚于当前时间"),
    "within": ("signed between {start} and {end}", "签名时间在 {start} 至 {end} 之内"),
    "outside": ("signed at {time}, outside {start} to {end}", "签名时间 {time} 不在 {start} 至 {end} 之内"),
    "period_unreadable": ("the period cannot be read", "有效期无法读取"),
    "stamp_absent": ("no time stamp: the time is the signer's word", "没有时间戳，签名时间仅为自报"),
    "stamp_before": (
        "{name} stamped {what} at {time}: the signature is later than that",
        "{name} 于 {time} 对{what}加盖时间戳，签名在此之后",
    ),
    "stamp_unsettled": (
        "a time stamp inside the signed part (v1) that covers neither the digest nor the seal",
        "时间戳位于签名内容之中（v1），所覆盖的既不是摘要也不是印章，无法验证",
    ),
    "stamp_holds": ("stamped at {time} by {name}", "{name} 于 {time} 加盖时间戳"),
    "stamp_of_other": ("the time stamp is for another signature", "时间戳不是针对此签名的"),
    "stamp_false": ("the time stamp is not the word of {name}", "时间戳并非“{name}”所签"),
    "stamp_usage": ("the certificate of {name} is not one for time stamps", "“{name}”的证书不可用于时间戳"),
    "time_proven": ("{time}, proven by a time stamp", "{time}（有时间戳证明）"),
    "time_contradicted": ("{time} claimed, but stamped before that", "自报时间 {time} 晚于时间戳"),
    # signatures that build on another, lists of files (GM/T 0099)
    "relative_holds": ("builds on signature {name}, which holds", "建立在签名 {name} 之上，该签名有效"),
    "relative_open": (
        "builds on signature {name}, which could not be decided",
        "建立在签名 {name} 之上，该签名无法确认",
    ),
    "relative_broken": ("builds on signature {name}, which does not hold", "建立在签名 {name} 之上，该签名无效"),
    "relative_absent": ("builds on signature {name}, which is not there", "建立在签名 {name} 之上，文件中却没有该签名"),
    "relative_circle": ("builds on itself by way of {name}", "经由签名 {name} 建立在自身之上"),
    "list_whole": ("all {count} listed files are there", "清单所列 {count} 个文件齐全"),
    "list_missing": ("listed but not there: {names}", "清单中有而文件包中没有：{names}"),
    "list_closed": ("no file is there that is not listed", "没有清单外的文件"),
    "list_smuggled": ("there but not listed: {names}", "文件包中有而清单中没有（夹带）：{names}"),
    # evidence packages
    "manifest_read": ("{count} parts, packed by {name}", "共 {count} 项内容，由“{name}”打包"),
    "manifest_unreadable": ("cannot be read: {detail}", "证据包或其清单无法读取：{detail}"),
    "packer": ("packed with a key of the centre, {name}", "由交换中心的“{name}”打包"),
    "packer_foreign": ("packed by {name}, which is not the centre", "打包人“{name}”不是交换中心"),
    "parts_not_missing": ("all {count} parts are there", "清单所列 {count} 项内容齐全"),
    "parts_missing": ("listed but not there: {names}", "清单中有而包中没有：{names}"),
    "parts_not_changed": ("no part was changed", "内容与打包时一致"),
    "parts_changed": ("changed since packing: {names}", "打包后被改动：{names}"),
    "parts_not_doubled": ("no part is listed twice", "清单中没有重复"),
    "parts_doubled": ("listed twice: {names}", "清单中重复列出：{names}"),
    "parts_not_foreign": ("no part is there that is not listed", "没有清单外的内容"),
    "parts_foreign": ("there but not listed: {names}", "包中有而清单中没有（夹带）：{names}"),
    # coverage
    "covered": ("every file that is seen is protected", "所有影响显示的文件均受保护"),
    "uncovered": ("not protected, yet seen: {names}", "影响显示却未受保护：{names}"),
    "unfollowed": (
        "cannot be read here, so what they name cannot be known: {names}",
        "无法读取，其中引用的文件无从核对：{names}",
    ),
    # last resort
    "check_failed": ("the check itself failed: {detail}", "检查未能完成：{detail}"),
}
