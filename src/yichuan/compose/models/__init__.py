"""Everything that is kept of a document before it is sent."""

from yichuan.compose.models.documents import Attachment, Document, JointSeal
from yichuan.compose.models.making import HandBack, PaperAttachment, SearchTerm, Upload, UploadPart

__all__ = ["Attachment", "Document", "HandBack", "JointSeal", "PaperAttachment", "SearchTerm", "Upload", "UploadPart"]
