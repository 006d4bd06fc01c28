"""Days and times as officials write them, and the zone in which they are counted."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kybaocao.rules.calendar.period import Window

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def start_of(day: date) -> datetime:
    """Return midnight at the start of `day` in Asia/Ho_Chi_Minh."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def official_day(day: date) -> str:
    """Return a day as officials write it (Nghị định 30/2020/NĐ-CP): `14/9/2016`, `05/02/2017`."""
    return f"{day.day:02d}/{day.month:0{2 if day.month <= 2 else 1}d}/{day.year}"


def local_time(moment: datetime) -> str:
    """Return an aware time in Vietnam: `07:00 ngày 15/9/2016`."""
    local = moment.astimezone(VIETNAM)
    return f"{local:%H:%M} ngày {official_day(local)}"


def span_words(window: Window) -> str:
    """Return the days of a window: `từ ngày 15/6/2016 đến ngày 14/9/2016`."""
    return f"từ ngày {official_day(window.first)} đến ngày {official_day(window.last)}"


def window_words(window: Window, covers: str = "số liệu") -> str:
    """Return the days covered: `số liệu từ ngày 15/6/2016 đến ngày 14/9/2016`."""
    return f"{covers} {span_words(window)}"


def deadline_words(last_day: date) -> str:
    """Return the last moment in time: `trước 24 giờ ngày 14/9/2016`."""
    return f"trước 24 giờ ngày {official_day(last_day)}"
