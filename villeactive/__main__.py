"""``python -m villeactive``: the atlas from a terminal."""

import gc
import sys

from villeactive.cli import main

# next to nothing is to be collected: Python looks for it as seldom as lists of 35 000 need
gc.set_threshold(50_000, 10, 10)
sys.exit(main())
