"""Files handed out: always as a download, never shown inside a page."""

from urllib.parse import quote

from fastapi.responses import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(name: str, data: bytes, kind: str = "application/octet-stream") -> Response:
    """Return a file under its name (RFC 6266; RFC 8187 for what is not ASCII)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": "sandbox"}
    return Response(data, media_type=kind, headers=headers)
