"""Commands that hold a consolidation against its originals, or have it delivered for all that."""

from kybaocao import runtime
from kybaocao.commands import screen, words
from kybaocao.rules.errors import KyBaoCaoError


def prove(duty: str, period: str, /) -> int:
    """Hold the consolidation of a period against the archived originals; nothing is delivered.

    Exits with 1 if anything differs.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    period
        As 2016-Q3, 2016-H1, 2016-9M, 2016, 2016-once or 2016-R1.
    """
    from kybaocao.steps.cycle.consolidate import prove_term

    words.names(duty)
    of = words.period(period)
    with runtime.office() as office:
        regime, asked, term = words.collected_term(office, duty, of)
        found = prove_term(office, regime, asked, term, runtime.now())
    for collector, proof in found.items():
        for line in (*proof.words, *(f"KHÁC: {one}" for one in proof.differences)):
            screen.say(f"{collector}: {line}")
    if not found:
        screen.say("Chưa có báo cáo nào được chấp nhận để đối chiếu.")
    return 1 if any(proof.differences for proof in found.values()) else 0


def deliver(duty: str, period: str, /, *, reason: str, by: str) -> None:
    """Deliver a consolidation that differs from its originals; its first page says so.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    period
        As 2016-Q3.
    reason
        Why it goes out for all that.
    by
        Who decided it.
    """
    from kybaocao.steps.cycle.cycle import advance

    if not reason.strip() or not by.strip():
        raise words.WrongUseError("deliver needs a reason, and who decided it.")
    words.names(duty)
    of, now = words.period(period), runtime.now()
    with runtime.office() as office:
        regime, asked, term = words.collected_term(office, duty, of)
        stopped = office.ledger.proofs.stopped(
            regime=regime.id, duty=asked.id, period=term.period.id
        )
        if not stopped:
            raise KyBaoCaoError(f"nothing of {duty} {of.id} is stopped")
        for proved in stopped:
            office.ledger.proofs.release(proved, reason.strip(), by.strip(), now)
        screen.say(f"Đã làm: {advance(office, regime.id, asked.id, now).summary}")
