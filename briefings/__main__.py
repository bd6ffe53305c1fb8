"""``python -m briefings``: the same as the command."""

from __future__ import annotations

import sys

from briefings.start import main

if __name__ == "__main__":
    sys.exit(main())
