"""`python -m benchmarks.uploads`: 250 agencies upload within a minute, and all at once.

Beside the portal, whose one worker checks every file, stands an endpoint that only stores.
"""

import asyncio
import csv
import io
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import httpx

from benchmarks.cast import CONFIG, DUTY, PERIOD, REGIME, SEED, TERM
from kybaocao import runtime
from kybaocao.demo.officer import report
from kybaocao.portal.desk import csrf_of
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.regime.agency import Agency, Level
from kybaocao.runtime import Office
from kybaocao.serving.supervisor import Service
from kybaocao.settings import CHECKOUT, GivenSettings, PortalOptions
from kybaocao.steps import access
from kybaocao.steps.cycle.cycle import advance

COUNT = 250
WITHIN = 60.0
OPENED = datetime(2016, 9, 5, 7, tzinfo=VIETNAM)
PATIENCE = 120.0


@dataclass(frozen=True)
class Sender:
    """An agency that is signed in, its report's page, and its filled workbook."""

    agency: str
    path: str
    secret: str
    data: bytes


def furnish(home: Path) -> list[str]:
    """Make a home folder whose regime has COUNT more departments; return their codes."""
    shutil.copytree(CHECKOUT / "config", home / "config")
    (home / "templates").symlink_to(CHECKOUT / "templates")
    folder = home / "config" / "regimes" / REGIME.id
    codes = [f"don-vi-{number:03d}" for number in range(1, COUNT + 1)]
    with (folder / "agencies.csv").open("a", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        for code in codes:
            number = code[-3:]
            named = [code, f"Đơn vị {number}", f"ĐV {number}", "so", "ubnd-tinh"]
            rows.writerow([*named, "", "", "", "benchmark"])
    with (folder / "contacts.csv").open("a", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        for code in codes:
            rows.writerow([code, "officer", f"{code}@don-vi.example", ""])
    return codes


def filled(task: tuple[bytes, str]) -> bytes:
    """Return a blank workbook filled as its agency would."""
    blank, code = task
    agency = Agency(
        code=code, name=f"Đơn vị {code[-3:]}", short=code, level=Level.DEPARTMENT, source="x"
    )
    form = CONFIG.form(DUTY.form).for_agency(agency)
    return report(blank, form, agency, PERIOD, SEED, None, TERM.due.last_day)


def senders(office: Office, codes: list[str]) -> list[Sender]:
    """Open the period, fill every workbook, and sign every agency in."""
    advance(office, REGIME.id, DUTY.id, OPENED)
    blanks = {
        letter.agency: office.archive.get(letter.attachment_sha256)
        for letter in office.ledger.post.letters(kind="opening")
        if letter.attachment_sha256
    }
    with ProcessPoolExecutor(2, get_context("spawn")) as officers:
        books = list(officers.map(filled, [(blanks[code], code) for code in codes]))
    found, now = [], runtime.now()
    for code, data in zip(codes, books, strict=True):
        owed = office.ledger.find_owed(REGIME.id, DUTY.id, PERIOD.id, code)
        address = f"{code}@don-vi.example"
        link = access.issue_link(office, REGIME.id, code, address, "/", now)
        entered = access.sign_in(office, link.rpartition("/")[2], now)
        assert owed is not None
        assert entered is not None
        found.append(Sender(code, f"/bao-cao/{owed.id}/nop", entered[0], data))
    return found


@contextmanager
def serving(arguments: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """Run a server of ours until the block ends."""
    command = [sys.executable, "-m", *arguments]
    process = subprocess.Popen(command, env=environment, cwd=CHECKOUT)  # noqa: S603 (our own)
    try:
        until = perf_counter() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert perf_counter() < until, "the server does not answer"
                assert process.poll() is None, "the server ended"
                sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


async def sent(url: str, crowd: list[Sender], within: float) -> list[float]:
    """Return how long each upload took, in seconds, started evenly over that many seconds."""
    took: list[float] = []

    async def one(client: httpx.AsyncClient, number: int, sender: Sender) -> None:
        await asyncio.sleep(number * within / len(crowd))
        start = perf_counter()
        answer = await client.post(
            url + sender.path,
            data={"_csrf": csrf_of(sender.secret), "ly_do": "Gửi lại"},
            files={"tep": (f"{sender.agency}.xlsx", sender.data)},
            headers={"Cookie": f"phien={sender.secret}"},
        )
        took.append(perf_counter() - start)
        assert answer.status_code == httpx.codes.OK, (sender.agency, answer.status_code)

    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits, trust_env=False) as client:
        await asyncio.gather(*(one(client, n, sender) for n, sender in enumerate(crowd)))
    return took


def changed(data: bytes) -> bytes:
    """Return a workbook of the same contents in other bytes, since a repeat is no work."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as book:
        book.comment = b"again"
    return stream.getvalue()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def told(words: str, took: list[float], beside: list[float] | None = None) -> None:
    """Print the middle and the slow end of what uploads took, and the ratio to another's."""
    p50, p95 = (quantiles(took, n=100)[at - 1] for at in (50, 95))
    line = f"{words:<44} p50 {p50 * 1e3:7.0f} ms   p95 {p95 * 1e3:7.0f} ms"
    if beside is not None:
        line += f"   p95 ratio {p95 / quantiles(beside, n=100)[94]:.1f}"
    print(line, flush=True)


def main() -> None:
    """Run everything and print it."""
    with TemporaryDirectory(prefix="kybaocao-bench-") as folder:
        home, port = Path(folder) / "home", free_port()
        home.mkdir()
        codes = furnish(home)
        settings = GivenSettings(
            home=home,
            active={REGIME.id: REGIME.in_force.since},
            portal=PortalOptions(url=f"http://127.0.0.1:{port}", port=port),
        )
        environment = Service(settings).environment()
        with runtime.office(settings) as office:
            crowd = senders(office, codes)
            size = sum(len(s.data) for s in crowd) // len(crowd) // 1024
            print(f"{COUNT} agencies upload a workbook of {size} KB; one worker", flush=True)
            url = f"http://127.0.0.1:{port}"
            bare_port = free_port()
            with serving(
                ["benchmarks.bare_upload", str(bare_port), folder], bare_port, environment
            ):
                bare_url = f"http://127.0.0.1:{bare_port}"
                bare_spread = asyncio.run(sent(bare_url, crowd, WITHIN))
                bare_at_once = asyncio.run(sent(bare_url, crowd, 0))
            with serving(["kybaocao.portal"], port, environment):
                # The first file starts the readers.
                asyncio.run(sent(url, crowd[:1], 0))
                spread = asyncio.run(sent(url, crowd, WITHIN))
                again = [replace(s, data=changed(s.data)) for s in crowd]
                at_once = asyncio.run(sent(url, again, 0))
            told("only stored, within a minute", bare_spread)
            told("stored, checked and answered, within a minute", spread, bare_spread)
            told("only stored, all at once", bare_at_once)
            told("stored, checked and answered, all at once", at_once, bare_at_once)
            owed = [o for o in office.ledger.owed() if o.agency in set(codes)]
            versions = office.ledger.versions(owed)
            verdicts = [one.verdict for found in versions.values() for one in found]
            print(f"{verdicts.count(Verdict.ACCEPTED)} of {2 * COUNT} are in the ledger, accepted")


if __name__ == "__main__":
    main()
