"""Ctrl-C is heard wherever it comes."""

from __future__ import annotations

import subprocess
import sys

FINALISED = """
import signal, time
import click
from graphsvc import cli

class Finalised:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def work():
    Finalised()
    time.sleep(30)

signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background job has not
cli.group = click.Command("work", callback=work)
cli.main()
"""


def test_ctrl_c_while_an_object_is_finalised_stops_the_command() -> None:
    """Python prints and forgets what is raised there; two of twenty deep tries met the driver's `__del__`."""
    ended = subprocess.run([sys.executable, "-c", FINALISED], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (130, "")
    assert ended.stderr.strip() == "Stopped. Nothing is half done; the same command goes on from here."
