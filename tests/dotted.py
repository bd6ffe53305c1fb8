"""Reads dotted fixtures: a title, a dot, the input, a dot, what is expected, a dot. The form is markdown-it-py's."""

from __future__ import annotations

from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"


def read(path: Path) -> list[tuple[str, str, str]]:
    """Return ``(title, input, expected)`` for each example; the title has its line number."""
    examples = []
    section, title, line_of, parts = 0, "", 0, ["", ""]
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line == ".":
            section += 1
            if section == 3:
                examples.append((f"{line_of}: {title}", parts[0].removesuffix("\n"), parts[1].removesuffix("\n")))
                section, title, parts = 0, "", ["", ""]
        elif section == 0:
            if line.strip():
                title, line_of = line.strip(), number
        else:
            parts[section - 1] += line + "\n"
    if section:
        raise ValueError(f"{path.name}: the example {title!r} is not closed")
    return examples
