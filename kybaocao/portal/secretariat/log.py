"""What was done, by whom and when: read, never changed."""

from datetime import MAXYEAR, MINYEAR, date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from kybaocao.portal.desk import Overseer
from kybaocao.steps.view.event_log import log_page

router = APIRouter()


@router.get("/nhat-ky")
def lines(
    signed: Overseer,
    day: Annotated[str, Query(alias="ngay", max_length=40)] = "",
    actor: Annotated[str, Query(alias="nguoi", max_length=254)] = "",
    text: Annotated[str, Query(alias="noi-dung", max_length=512)] = "",
    page: Annotated[str, Query(alias="trang", max_length=9)] = "",
) -> HTMLResponse:
    regime = signed.office.regime(signed.visitor.regime)
    of_day, fault = _day(day)
    number = int(page) if page.isascii() and page.isdecimal() else 1
    found = log_page(signed.office, regime, of_day, actor, text, number)
    typed = {"ngay": day, "nguoi": actor, "noi-dung": text}
    return signed.page("nhat-ky.html", 422 if fault else 200, found=found, typed=typed, fault=fault)


def _day(typed: str) -> tuple[date | None, str]:
    """Return the day that was typed, or what is wrong with it."""
    if not typed.strip():
        return None, ""
    try:
        found = date.fromisoformat(typed.strip())
        # The days at the calendar's ends have no moments in every time zone.
        if not MINYEAR < found.year < MAXYEAR:
            raise ValueError(typed)
        return found, ""
    except ValueError:
        return None, f"“{typed}” không phải là một ngày. Hãy chọn ngày trong lịch của ô “Ngày”."
