"""Settings of the published site: ``pelican content -s publishconf.py``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403 - everything but the address and the sender of mail is the same
from pelicanconf import BRIEFINGS

SITEURL = "https://briefings.example.org"
BRIEFINGS = {
    **BRIEFINGS,
    "image_cards": True,  # not while writing: a new one takes a tenth of a second
    # For `briefings digest`. A mailing service's own placeholders may stand in the addresses to unsubscribe.
    "mail": {
        "from": "Briefings <digest@briefings.example.org>",
        "to": "subscribers@briefings.example.org",
        "reply_to": "desk@briefings.example.org",
        "unsubscribe": (
            "https://briefings.example.org/unsubscribe",
            "mailto:digest@briefings.example.org?subject=unsubscribe",
        ),
        "list_id": "digest.briefings.example.org",
    },
}
