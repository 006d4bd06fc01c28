"""The command `kybaocao`: finds the command that is meant, and tells what stopped it."""

import os
import sys

from cyclopts import App, CycloptsError, UnusedCliTokensError
from sqlalchemy.exc import DBAPIError

from kybaocao.adapters.private import UMASK
from kybaocao.commands import (
    act,
    contacts,
    decide,
    forms,
    letters,
    look,
    proof,
    screen,
    serve,
    triage,
    words,
)
from kybaocao.rules.errors import KyBaoCaoError

WRONG_USE = 64
# What each command needs beyond its words it imports when it runs: the help comes at once.
COMMANDS = (
    look.calendar,
    look.duties,
    look.status,
    look.config,
    act.run,
    act.receive,
    act.check,
    act.consolidate,
    proof.prove,
    proof.deliver,
    triage.triage,
    triage.attach,
    triage.giveback,
    decide.extend,
    decide.reschedule,
    decide.waive,
    decide.withdraw,
    decide.request,
    decide.decisions,
    contacts.contacts,
    forms.form,
    letters.go,
    letters.resend,
    letters.testmail,
    serve.signin,
    serve.up,
    serve.demo,
    serve.rehearse,
)

app = App(
    name="kybaocao",
    help="Runs the reporting cycles of a province's administrative reform.",
    version_flags=[],
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
for command in COMMANDS:
    app.command(command)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code: 64 for wrong use, 1 for what else stopped it."""
    screen.prepare()
    if arguments is None:
        os.umask(UMASK)
    try:
        result = app(arguments, exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        return _refuse(f"{_said(error)}: see 'kybaocao --help'.", WRONG_USE)
    except words.WrongUseError as error:
        return _refuse(str(error), WRONG_USE)
    except KyBaoCaoError as error:
        return _refuse(str(error), 1)
    except KeyboardInterrupt:
        return _refuse("interrupted; run it again, nothing is done twice", 130)
    except DBAPIError as error:
        # The driver's words alone: SQLAlchemy's show the statement and its values.
        return _refuse(f"the ledger cannot be used: {' '.join(str(error.orig).split())}", 1)
    except BrokenPipeError:
        # Whoever read the output has heard enough; nothing may be written to it at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{where}{error.strerror or error}", 1)
    return result if isinstance(result, int) else 0


def _said(error: CycloptsError) -> str:
    if isinstance(error, UnusedCliTokensError):
        return f"Words too many, '{' '.join(error.unused_tokens or [])}'"
    # The list of all commands that may follow is one for the help.
    said = " ".join(str(error).split()).partition(" Available commands")[0]
    return said.replace(". Did", ", did").rstrip(".?")


def _refuse(sentence: str, code: int) -> int:
    screen.complain(sentence)
    return code


if __name__ == "__main__":
    sys.exit(main())
