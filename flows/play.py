"""Runs flows one after another in one process, told by JSON lines.

Each line of standard input is `{"flow": "duty" | "intake" | "sending", "as_of": "2016-09-14"}`,
for a duty with `"regime"` and `"duty"`. Each is answered by one line on standard output:
`{"ok": true, "state": "Completed", "summary": "…"}`, where `summary` says what happened, or,
if `ok` is false, what went wrong.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from prefect import State

from flows.duty import carry
from flows.intake import take_in
from flows.sending import send


async def play() -> None:
    """Answer standard input line by line until it ends."""
    # Whatever a library prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            answers.write(json.dumps(await _answer(line), ensure_ascii=False) + "\n")


async def _answer(line: str) -> dict[str, Any]:
    try:
        flow, parameters = _named(json.loads(line))
    except (ValueError, KeyError, TypeError) as error:
        return {"ok": False, "state": None, "summary": f"not understood: {error!r}: {line.strip()}"}
    state: State[str] = await flow(**parameters, return_state=True)
    outcome = await state.aresult(raise_on_failure=False)
    return {"ok": state.is_completed(), "state": state.name, "summary": str(outcome)}


def _named(told: dict[str, Any]) -> tuple[Callable[..., Awaitable[Any]], dict[str, Any]]:
    as_of = {"as_of": told.get("as_of")}
    # A retry would only make the player wait: it can ask again.
    if told["flow"] == "duty":
        flow = carry.with_options(name=told["regime"], retries=0)
        return flow, {"regime": told["regime"], "duty": told["duty"], **as_of}
    return {"intake": take_in, "sending": send}[told["flow"]], as_of
