"""One rule for an e-mail address, for lists, forms and settings (RFC 5321, 4.1.2 and 4.5.3.1)."""

import re

LONGEST, LONGEST_NAME, LONGEST_DOMAIN = 254, 64, 253
# Nobody has registered these, and nobody can (RFC 2606).
PLACEHOLDERS = ("example", "invalid", "example.com", "example.net", "example.org")

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_NAME = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def address_fault(address: str) -> str:
    """Return why no letter can go to an address, as a Vietnamese sentence's end; else nothing.

    A quoted name, an address literal and an accented domain (RFC 6531) are refused: hardly a
    server on the way takes them. Such a domain has a form in ASCII (`xn--…`), which is taken.
    """
    if address.lower().startswith("mailto:"):
        return "có chữ “mailto:” ở đầu; chỉ ghi địa chỉ"
    name, at, domain = address.rpartition("@")
    if not at or not name or not domain:
        return "không đúng dạng ten@donvi.vn"
    if any(c.isspace() or c in "<>,;" for c in address):
        return "có dấu cách, dấu phẩy hoặc ngoặc; mỗi dòng chỉ ghi một địa chỉ"
    if "@" in name:
        return "có hai dấu @"
    if not domain.isascii():
        return "có chữ có dấu trong tên miền; ghi tên miền không dấu, hoặc dạng “xn--…”"
    if not name.isascii():
        return "có chữ có dấu trước @"
    if address.endswith("."):
        return "có dấu chấm ở cuối"
    if len(name) > LONGEST_NAME:
        return f"có {len(name)} ký tự trước @; tối đa là {LONGEST_NAME}"
    if len(domain) > LONGEST_DOMAIN or len(address) > LONGEST:
        return f"dài {len(address)} ký tự; tối đa là {LONGEST}"
    if "_" in domain:
        return "có dấu gạch dưới trong tên miền"
    if not _NAME.fullmatch(name):
        return "có dấu chấm thừa hoặc ký tự không dùng được trước @"
    labels = domain.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdecimal():
        return "có tên miền không đúng; tên miền như so-noi-vu.tinh.gov.vn"
    return ""


def checked(address: str) -> str:
    """Return an address that is one. Raises ValueError with the Vietnamese sentence."""
    if fault := address_fault(address):
        raise ValueError(f"địa chỉ thư “{address}” {fault}")
    return address


def is_placeholder(address: str) -> bool:
    """Return whether an address stands for one that is still to be filled in."""
    domain = address.rpartition("@")[2].lower()
    return any(domain == one or domain.endswith(f".{one}") for one in PLACEHOLDERS)
