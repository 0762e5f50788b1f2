"""``python -m villeactive``: the atlas from a terminal."""

import sys

from villeactive.cli import main

sys.exit(main())
