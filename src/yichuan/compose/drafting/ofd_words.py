"""What the OFD library refuses, in the words of a clerk; the stable code follows for whoever mends the file."""

from yichuan.lib.ofd.errors import OfdError

_SAID = {
    "not_a_zip": "文件不完整，或者不是 OFD",
    "entry_damaged": "文件不完整，有一部分读不出来",
    "not_ofd": "里面不是 OFD 版式文件",
    "no_document": "里面没有公文",
    "no_pages": "一页也没有",
    "entry_encrypted": "文件加了密，请去掉密码再上传",
    "ratio_too_high": "压缩得异常，可能有害",
    "total_too_large": "展开以后太大",
    "entry_too_large": "展开以后太大",
    "too_many_entries": "里面的文件太多",
    "page_too_complex": "有一页太复杂",
    "document_too_complex": "内容太复杂",
    "too_many_pages": "页数太多，最多 1000 页",
    "font_not_embedded": "有的字体没有嵌入，请嵌入字体再制作",
    "stamp_place": "印章的位置不在这一页纸上",
    "stamp_page": "没有这一页",
    "whole_protected": "已有的签章保护了全部内容，不能再盖",
    "pdf_encrypted": "PDF 加了密，请去掉密码",
    "pdf_too_large": "PDF 展开以后太大",
    "entries_list": "里面有经过签名的文件清单，不能再盖",
}
_KINDS = {
    "xml_": "内部结构有误",
    "name_": "内部文件名不合规定",
    "loc_": "内部引用有误",
    "page_": "有一页读不出来",
    "pdf_": "PDF 文件不完整",
}
_KINDS |= {"unsupported_": "PDF 里有不能转换的内容"}


def why(error: OfdError) -> str:
    """One clause, to stand after what was not done."""
    said = _SAID.get(error.code) or next((text for start, text in _KINDS.items() if error.code.startswith(start)), "")
    return f"{said or '内容有误'}（{error.code}）"
