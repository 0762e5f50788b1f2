"""``python -m villeactive``: the atlas from a terminal."""

import gc
import sys
from importlib import import_module

# modules stay: Python would walk them again and again to collect, a third of a short command
gc.disable()
main = import_module("villeactive.cli").main
gc.freeze()
# what a command makes, it keeps until it ends: looked at every 700 values, 35 000 rows took a fifth
# longer to be read, imported, written; no more memory is held for it
gc.set_threshold(5_000)
gc.enable()

sys.exit(main())
