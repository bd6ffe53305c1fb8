"""Write docs/frontmatter.md and docs/frontmatter.schema.json from the table of fields."""

from __future__ import annotations

import json
from pathlib import Path

from briefings import frontmatter

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> None:
    """Write both."""
    (DOCS / "frontmatter.md").write_text(frontmatter.reference(), "utf-8")
    schema = json.dumps(frontmatter.schema(), indent=2, ensure_ascii=False)
    (DOCS / "frontmatter.schema.json").write_text(f"{schema}\n", "utf-8")


if __name__ == "__main__":
    main()
