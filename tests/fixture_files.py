"""Dotted fixture files: a title, then parts that each end with a line of one dot, as markdown-it has them."""

from __future__ import annotations

from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"


def examples(name, parts=2):
    """Yield (title, part, part, …) of every example in a fixture file; text before the first blank line is a comment."""
    text = (FIXTURES / name).read_text("utf-8").partition("\n\n")[2]
    lines = iter(text.splitlines())
    for line in lines:
        if not line.strip():
            continue
        found = []
        assert next(lines) == ".", f"{name}: a dot must follow the title {line!r}"
        for _ in range(parts):
            part = []
            while (inner := next(lines)) != ".":
                part.append(inner)
            found.append("\n".join(part))
        yield (line, *found)
