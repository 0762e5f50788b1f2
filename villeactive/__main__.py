"""``python -m villeactive``: the atlas from a terminal."""

import gc
import sys
from importlib import import_module

# modules stay: Python would walk them again and again to collect, a third of a short command
gc.disable()
main = import_module("villeactive.cli").main
gc.freeze()
gc.enable()

sys.exit(main())
