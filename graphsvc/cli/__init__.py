"""The command line: argument parsing over the same services as the API.

Each module of this package holds the commands of one noun and names them in `COMMANDS`; nothing here knows a domain rule.
Exit codes: 0 done, 2 refused (the sentence says why and what to do), 3 the database or the machine failed us.
"""

from __future__ import annotations

import importlib
import io
import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from graphsvc import __version__
from graphsvc.cli import console
from graphsvc.errors import GraphsvcError

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

# command name -> module that holds it, so that `graphsvc db stop` need not load the plan language.
COMMANDS = {
    "correction": "correction",
    "db": "database",
    "demo": "demo",
    "destination": "destination",
    "earnings": "earnings",
    "explain": "explain",
    "hold": "hold",
    "import": "importing",
    "key": "key",
    "ledger": "ledger",
    "month": "month",
    "order": "order",
    "payout": "payout",
    "place": "place",
    "plan": "plan",
    "rank": "rank",
    "rate": "rate",
    "recalculate": "recalculate",
    "serve": "serve",
    "why-not": "explain",
}

INTERRUPTED = 130
AGAIN_SECONDS = 0.05


class Lazy(click.Group):
    """A group whose commands are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command name, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, from the module that holds it."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"graphsvc.cli.{COMMANDS[name]}")
        found = getattr(module, name.replace("-", "_").replace("import", "import_"))
        assert isinstance(found, click.Command)
        return found


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="graphsvc")
def group() -> None:
    """Partners, sales and commissions in one graph: who is owed what, and why."""


def _tell_again(ignored: UnraisableHookArgs) -> None:
    """Ctrl-C that came while an object was finalised, which Python would print and forget, comes again a moment later."""
    if issubclass(ignored.exc_type, KeyboardInterrupt):
        again = threading.Timer(AGAIN_SECONDS, _interrupt, [threading.get_ident()])  # only the main thread hears signals
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(ignored)


def _interrupt(thread: int) -> None:
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:  # to the thread itself, whatever call it waits in
        signal.pthread_kill(thread, signal.SIGINT)


def main() -> None:
    """Run a command and end with its exit code; errors are sentences on stderr, never a trace."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `graphsvc earnings … | head` ends quietly
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name that this terminal cannot show is no reason to stop
    sys.unraisablehook = _tell_again
    try:
        group.main(standalone_mode=False)
    except click.exceptions.Abort:
        console.complain("Stopped. Nothing is half done; the same command goes on from here.")
        sys.exit(INTERRUPTED)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except GraphsvcError as error:
        console.complain_of(error)
        sys.exit(error.exit_code)
