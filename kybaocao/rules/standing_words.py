"""How a report stands, in a sign and a few words: what a narrow cell of a page can hold."""

from kybaocao.rules.cycle.obligation import Standing, State

# Signs that the fonts of old office machines have; the word beside each says the same.
MARKS = {
    State.NOT_OPEN: ("·", "Chưa mở"),
    State.WAITING: ("○", "Chưa gửi"),
    State.OVERDUE: ("!", "Quá hạn"),
    State.RETURNED: ("↺", "Trả lại"),
    State.RETURNED_OVERDUE: ("↺!", "Trả lại, quá hạn"),
    State.ACCEPTED: ("✓", "Đã nhận"),
    State.ACCEPTED_LATE: ("✓!", "Nhận quá hạn"),
    State.WAIVED: ("–", "Được miễn"),
}


def days_words(standing: Standing) -> str:
    """Return how long is left or how late it is: `còn 9 ngày`, `muộn 2 ngày`; else empty.

    Days are calendar days.
    """
    days = standing.days
    if days is None or standing.state is State.WAIVED:
        return ""
    if standing.is_received:
        return f"muộn {days} ngày" if days > 0 else ""
    if days > 0:
        return f"muộn {days} ngày"
    return f"còn {-days} ngày" if days < 0 else "hết hạn hôm nay"
