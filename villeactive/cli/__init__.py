"""The command line: the same functions as the pages, printed.

Exit codes: 0 done; 1 ``check`` found faults; 2 a value, an option or a file is wrong, or Ctrl+C
(one line on stderr); 3 ``locate`` did not find the place.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from villeactive.cli import alike, collections, drawings, lists, places, stores, tables
from villeactive.cli.options import Parser
from villeactive.errors import STOPPED, VilleActiveError, reason


def _parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    parser = Parser(prog="python -m villeactive", description="Ville active, atlas de projets.")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMANDE", required=True, parser_class=Parser
    )
    for module in (lists, places, tables, collections, stores, alike, drawings):
        module.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments
        Words of the command line; those of the process when None.

    Returns
    -------
    int
        Exit code, see the module's docstring.
    """
    if sys.stdout is None:  # Python gives no stream where the system has none open
        return _refused("sortie impossible (la sortie est fermée). Laissez-la ouverte.")
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except VilleActiveError as error:
        return _refused(" ".join(str(error).split()))
    except KeyboardInterrupt:
        return _refused(STOPPED)
    except OSError as error:
        # what is left unsaid must not be tried again when Python closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 0
        return _refused(f"sortie impossible ({reason(error)}).")


def _run(arguments: Sequence[str] | None) -> int:
    """Run one command; give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    if arguments is None:  # UTF-8 whatever the locale
        arguments = [os.fsencode(word).decode("utf-8", "replace") for word in sys.argv[1:]]
    options = _parser().parse_args(arguments)
    return options.run(options)


def _refused(sentence: str) -> int:
    """Say on one line why a command stops; nobody may be there to read it."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"villeactive : {sentence}", file=sys.stderr)
    return 2
