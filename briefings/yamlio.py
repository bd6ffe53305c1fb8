"""YAML, read with suspicion and written by an emitter only.

Every scalar is read as the string that stands there (``NO`` is "NO", ``010`` is "010"); the schema gives types.
Anchors, aliases, tags, merge keys, duplicate keys and deep nesting are refused: they are the ways in which YAML says
something else than the editor sees (reliability R14).
"""

from __future__ import annotations

from typing import Any

from briefings import simpleyaml
from briefings.nodes import Mapping, Node, Scalar, Sequence, YamlError

__all__ = ["Mapping", "Node", "Scalar", "Sequence", "YamlError", "dump", "load"]


def load(text: str, first_line: int = 1) -> Mapping:
    """Read one YAML document whose top is a mapping.

    Args:
        text: the document.
        first_line: the line of the file on which ``text`` begins, so that messages name the file's lines.

    Raises:
        YamlError: with the line and a sentence for the editor.
    """
    if (top := simpleyaml.load(text, first_line)) is not None:
        return top
    from briefings import yamlparser  # noqa: PLC0415 - takes a while to load, and a site may do without

    return yamlparser.load(text, first_line)


def dump(values: dict[str, Any]) -> str:
    """Write a mapping of strings, numbers, lists and mappings as YAML; lines are never folded."""
    from briefings import yamlparser  # noqa: PLC0415 - reading may do without

    return yamlparser.dump(values)
