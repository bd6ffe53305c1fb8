"""Settings of the published site: ``pelican content -s publishconf.py``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403 - everything but the address is the same

SITEURL = "https://briefings.example.org"
