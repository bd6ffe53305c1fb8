"""``python -m briefings``: the same as the command."""

from __future__ import annotations

from briefings.start import command

if __name__ == "__main__":
    command()
