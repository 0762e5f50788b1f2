"""The command line: the same functions as the pages, printed.

Exit codes: 0 done; 1 ``check`` found faults; 2 a value, an option or a file is wrong (one
line on stderr); 3 ``locate`` did not find the place.
"""

import argparse
import csv
import io
import os
import sys
from collections.abc import Sequence

from villeactive.cli import alike, drawings, lists, places, tables
from villeactive.cli.options import Parser
from villeactive.errors import VilleActiveError, reason


def _parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    parser = Parser(
        prog="python -m villeactive", description="Atlas des projets de La ville active."
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMANDE", required=True, parser_class=Parser
    )
    for module in (lists, places, tables, alike, drawings):
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    csv.field_size_limit(1_000_000)
    if arguments is None:  # UTF-8 whatever the locale
        arguments = [os.fsencode(word).decode("utf-8", "replace") for word in sys.argv[1:]]
    options = _parser().parse_args(arguments)
    try:
        code = options.run(options)
        sys.stdout.flush()
    except VilleActiveError as error:
        print(f"villeactive : {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except OSError as error:
        # what is left unsaid must not be tried again when Python closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 0
        print(f"villeactive : sortie impossible ({reason(error)}).", file=sys.stderr)
        return 2
    return code
