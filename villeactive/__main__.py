"""``python -m villeactive``: the atlas from a terminal."""

import gc
import sys
from importlib import import_module

from villeactive.errors import STOPPED

# modules stay: Python would walk them again and again to collect, a third of a short command
gc.disable()
try:
    main = import_module("villeactive.cli").main
except KeyboardInterrupt:  # of the second that this takes
    print(f"villeactive : {STOPPED}", file=sys.stderr)
    sys.exit(2)
gc.freeze()
# what a command makes, it keeps until it ends: looked at every 700 values, 35 000 rows took a fifth
# longer to be read, imported, written; no more memory is held for it
gc.set_threshold(5_000)
gc.enable()

sys.exit(main())
