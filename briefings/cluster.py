"""Executors by name, for ``BRIEFINGS_EXECUTOR``. Alone in knowing Dask, which is loaded only when it is named.

``dask:tcp://host:8786``, ``dask:tls://host:8786``
    the workers of the scheduler at that address (certificates as Dask's own configuration says)
``dask:/shared/scheduler.json``
    those of the scheduler that wrote this file
``spawn``
    processes of this machine that inherit nothing, as many as ``BRIEFINGS_WORKERS`` says: for systems where a process
    had better not be forked
"""

from __future__ import annotations

import atexit
import gc
import json
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefings import afar, crew
from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECT = 10.0
"""Seconds to wait for an answer of a scheduler."""
PATIENCE = 60.0
"""Seconds to wait while a scheduler has no worker: one may be starting, or starting anew."""

_teams: dict[str, tuple[crew.Team, Callable[[], object]]] = {}
"""By name: those who work for this process, and what ends that."""


def team(name: str) -> crew.Team:
    """Those who work under a name, the same until they are lost.

    Raises:
        BuildError: nobody is known by that name, or nobody answers.
    """
    if name in _teams and _teams[name][0].wrong():
        close(name)  # of an earlier build; since then its scheduler has gone, and another may have come
    if name not in _teams:
        kind, _, where = name.partition(":")
        make = dict(KINDS).get(kind)
        if make is None or bool(where) != (make is _dask):
            what = f'"{name}" is no executor (write dask:tcp://host:8786, dask:/shared/scheduler.json or spawn)'
            raise _fault(what)
        _teams[name] = make(name, where)
    return _teams[name][0]


def close(name: str | None = None) -> None:
    """Let go of those who work under a name, or of all."""
    for one in [name] if name else [*_teams]:
        found = _teams.pop(one, None)
        if found:
            with suppress(Exception):  # whatever is wrong with them, they are not needed any more
                found[1]()


atexit.register(close)


def _spawn(name: str, _where: str) -> tuple[crew.Team, Callable[[], object]]:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - slow to start
    from multiprocessing import get_context  # noqa: PLC0415

    count = crew.workers()
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=crew.obey)
    return crew.Team(pool, count, lost=partial(close, name)), partial(pool.shutdown, wait=False, cancel_futures=True)


def _fault(what: str) -> BuildError:
    return BuildError(Problem(crew.EXECUTOR, 0, "", what))


def _address(file: str) -> str:
    """The address in a scheduler's file. Dask itself would wait for one that is not there."""
    try:
        address = json.loads(Path(file).read_bytes())["address"]
    except FileNotFoundError:
        what = f'no such file "{file}" (the scheduler writes it: dask scheduler --scheduler-file {file})'
        raise _fault(what) from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise _fault(f'"{file}" is not the file of a scheduler ({error.__class__.__name__})') from error
    return str(address)


def _client(address: str, kind: Callable[..., Any]) -> Any:
    try:
        return kind(address, timeout=CONNECT, set_as_default=False, name="briefings")
    except Exception as error:  # noqa: BLE001 - Dask raises whatever its libraries do
        said = " ".join(str(error).split())
    gc.collect()  # what is left of the client ends now: ended while another one starts, it would wait for itself
    raise _fault(f'no scheduler answers at "{address}" ({said})')


def _dask(name: str, where: str) -> tuple[crew.Team, Callable[[], object]]:
    try:
        from distributed import Client  # noqa: PLC0415 - optional
        from distributed.comm.core import CommClosedError  # noqa: PLC0415
        from distributed.scheduler import KilledWorker  # noqa: PLC0415
    except ImportError as error:
        raise _fault(f"Dask is not installed here (pip install 'briefings[cluster]'; {error})") from error
    address = where if "://" in where else _address(where)
    client = _client(address, Client)
    watch = _Watch(client, address)
    # RuntimeError: what it says of a scheduler or worker that cannot find our functions.
    made = crew.Team(
        client.get_executor(pure=False), max(2, watch.count()),
        (KilledWorker, CommClosedError, TimeoutError, RuntimeError), watch.wrong, partial(close, name),
    )  # fmt: skip

    def end() -> None:
        if client.status == "running":
            with suppress(Exception):
                client.run(afar.forget, on_error="ignore")
        client.close(timeout=2)

    return made, end


class _Watch:
    """Sees whether somebody is there to work."""

    def __init__(self, client: Any, where: str) -> None:
        self._client, self._where = client, where
        self._seen = time.monotonic()

    def count(self) -> int:
        """How many workers the scheduler has."""
        return len(self._client.sync(self._client.scheduler.ncores, callback_timeout=PATIENCE))

    def wrong(self) -> str:
        """Why nobody is there; empty while somebody is."""
        try:
            if self._client.status == "running" and self.count():
                self._seen = time.monotonic()
        except Exception as error:  # noqa: BLE001 - of whatever kind, it is no answer
            return f"the scheduler at {self._where} does not answer any more ({error.__class__.__name__})"
        if self._client.status in {"closed", "closing"}:
            return f"the scheduler at {self._where} is gone"
        if time.monotonic() - self._seen > PATIENCE:
            return f"the scheduler at {self._where} has had no worker for {PATIENCE:.0f} seconds"
        return ""


KINDS: tuple[tuple[str, Callable[[str, str], tuple[crew.Team, Callable[[], object]]]], ...] = (
    ("dask", _dask),
    ("spawn", _spawn),
)
