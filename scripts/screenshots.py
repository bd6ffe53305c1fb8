"""Take the pictures of the demo site that the documents show, into docs/images; needs Chromium.

    python scripts/screenshots.py [FOLDER]

Builds the demo site, serves it on this machine, and photographs each row of ``PICTURES``. Pillow reduces a picture to
256 colours, which text on a plain ground does not show.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import awkward, browser  # noqa: E402 - the tests' own browser and builds

LARGEST = 200_000
"""Bytes of a picture, at most."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: ``at`` scrolls to the first element that a selector finds."""

    name: str
    path: str
    width: int = 1280
    height: int = 900
    scheme: str = "light"
    at: str = ""


PHONE = (390, 844)
PICTURES = (
    Picture("front", "/"),
    Picture("front-dark", "/", scheme="dark"),
    Picture("front-phone", "/", *PHONE),
    Picture("front-phone-dark", "/", *PHONE, scheme="dark"),
    Picture("briefing", "/briefings/cape-town-day-zero/", height=1100),
    Picture("briefing-dark", "/briefings/derna-flood/", height=1100, scheme="dark"),
    Picture("how-we-know", "/briefings/fall-of-eastern-aleppo/", at="#how-we-know"),
    Picture("briefing-phone", "/briefings/cyclone-idai/", *PHONE),
    Picture("arabic", "/briefings/beirut-port-explosion/"),
    Picture("arabic-phone", "/briefings/beirut-port-explosion/", *PHONE),
    Picture("list", "/countries/mz/"),
    Picture("story", "/stories/palu-2018/", height=1100),
    Picture("map", "/map/"),
    Picture("map-dark", "/map/", scheme="dark"),
    Picture("search", "/search/?q=cyclone"),
)


def main(folder: Path) -> int:
    """Take every picture; return the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    heavy = False
    with tempfile.TemporaryDirectory() as scratch, browser.chromium() as chromium:
        site = awkward.build_demo(Path(scratch))
        with browser.hosting(site) as address:
            page = chromium.new_page()
            for picture in PICTURES:
                page.emulate_media(color_scheme=picture.scheme)
                page.set_viewport_size({"width": picture.width, "height": picture.height})
                page.goto(address + picture.path)
                if "?q=" in picture.path:
                    page.wait_for_selector("article.card")
                if picture.at:
                    page.evaluate("at => document.querySelector(at).scrollIntoView()", picture.at)
                path = folder / f"{picture.name}.png"
                shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
                shot.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
                size = path.stat().st_size
                heavy |= size > LARGEST
                print(f"{path.name}: {size // 1000} kB")
    return int(heavy)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "images"))
