"""A process that can be killed: `python -m tests.steps.worker collect|send HOME PORT TIME`."""

import sys
from datetime import datetime
from pathlib import Path

from kybaocao import runtime
from kybaocao.runtime import GivenSettings, MailOptions
from kybaocao.steps.receive import collect
from kybaocao.steps.send import send_letters
from tests.steps.conftest import GO_LIVE, REGIME


def main(act: str, home: str, port: str, time: str) -> None:
    mail = MailOptions(host="127.0.0.1", port=int(port), security="none", timeout=5)
    settings = GivenSettings(home=Path(home), active={REGIME: GO_LIVE}, mail=mail, settle_seconds=0)
    at = datetime.fromisoformat(time)
    with runtime.office(settings) as office:
        print("ready", flush=True)
        if act == "collect":
            collect(office, at, at)
        else:
            send_letters(office, lambda: at)


if __name__ == "__main__":
    main(*sys.argv[1:])
