"""A process that dies by SIGKILL at a given moment of its work, as a power cut would have it.

`python -m tests.steps.worker collect|send HOME PORT TIME before|after CALL COUNT`
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from kybaocao import runtime
from kybaocao.adapters.archive import Archive
from kybaocao.adapters.inbox import Inbox
from kybaocao.adapters.ledger import Ledger
from kybaocao.adapters.ledger.post import PostOffice
from kybaocao.adapters.mailer import Mailer
from kybaocao.settings import GivenSettings, MailOptions
from kybaocao.steps.intake.receive import collect
from kybaocao.steps.post.send import send_letters
from tests.steps.conftest import GO_LIVE, REGIME

CALLS = {
    "take": (Inbox, "take"),
    "put": (Archive, "put"),
    "record": (Ledger, "record"),
    "done": (Inbox, "done"),
    "claim": (PostOffice, "claim"),
    "send": (Mailer, "send"),
    "sent": (PostOffice, "sent"),
}


def die(when: str, call: str, count: int) -> None:
    """Kill this process before or after the `count`-th time that the call is made."""
    owner, name = CALLS[call]
    real, calls = getattr(owner, name), 0

    def deadly(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if when == "before" and calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*arguments, **named)
        if when == "after" and calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


def main(act: str, home: str, port: str, time: str, when: str, call: str, count: str) -> None:
    mail = MailOptions(host="127.0.0.1", port=int(port), security="none", timeout=60)
    settings = GivenSettings(
        home=Path(home), active={REGIME: GO_LIVE}, mail=mail, settle_seconds=0, rehearsal=True
    )
    at = datetime.fromisoformat(time)
    die(when, call, int(count))
    with runtime.office(settings) as office:
        if act == "collect":
            collect(office, at, at)
        else:
            send_letters(office, lambda: at)


if __name__ == "__main__":
    main(*sys.argv[1:])
