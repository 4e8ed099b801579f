"""Where things lie in the home of the embedded Neo4j, and the two small files kept there: the password and the state."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from graphsvc.config import Settings
from graphsvc.errors import Code, Refused

OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class State:
    """What the starter of a server leaves for everybody else. `created` tells our process from a later one with its number."""

    pid: int
    created: float
    port: int
    started_at: str
    heap_mb: int
    page_cache_mb: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one home; making one touches nothing."""

    root: Path

    @property
    def conf(self) -> Path:
        """The folder of `neo4j.conf`, written anew at each start."""
        return self.root / "conf"

    @property
    def data(self) -> Path:
        """The graph itself; the only folder that matters."""
        return self.root / "data"

    @property
    def console(self) -> Path:
        """What the server process printed since its start; where a failed start says why."""
        return self.root / "logs" / "console.log"

    @property
    def lock(self) -> Path:
        """Held by whoever starts, stops or resets; the system frees it when its holder dies."""
        return self.root / "lock"

    @property
    def password_file(self) -> Path:
        """Holds the password and nothing else; only its owner reads it."""
        return self.root / "password"

    @property
    def has_data(self) -> bool:
        """Whether a server ever ran here."""
        return (self.data / "databases" / "system").exists()

    @property
    def holds_graph(self) -> bool:
        """Whether there is a graph here: a server made one, or it was loaded."""
        return (self.data / "databases" / "neo4j").exists()

    @property
    def loading(self) -> Layout:
        """Where a dump is loaded before it takes the place of the graph; on the same disk, so that it can be moved there."""
        return Layout(self.root / "loading")

    @property
    def _loaded(self) -> Path:
        """Stands once a loaded graph is whole and is to take the place of ours."""
        return self.root / "loaded"

    @property
    def _unborn(self) -> Path:
        """Stands while a first start goes on: what such a start left when it was cut off is half a store and nobody's data."""
        return self.root / "first-start"

    def begin(self) -> None:
        """Note that a first start begins; not over data that came another way, such as a loaded dump."""
        if not (self.data / "databases").exists():
            write_private(self._unborn, "")

    def settle(self) -> None:
        """The server answered: from now on its data is somebody's."""
        self._unborn.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Wipe what a first start or a wipe left that never came to its end, and end a load that was cut off at its very end;
        nothing else is ever wiped unasked."""
        try:
            if self._unborn.exists():
                if self.data.exists():
                    shutil.rmtree(self.data)
                self.data.mkdir()
                self._unborn.unlink()
            if self._loaded.exists():
                if self.loading.data.exists():
                    if self.data.exists():
                        shutil.rmtree(self.data)
                    self.loading.data.rename(self.data)
                self._loaded.unlink()
        except OSError as error:
            raise unwritable(self.root.parent, error) from error

    def wipe(self) -> None:
        """Drop the graph; cut off half way, the next start goes on with it."""
        self._loaded.unlink(missing_ok=True)
        write_private(self._unborn, "")
        self.sweep()

    def take_loaded(self) -> None:
        """Let the graph that lies whole in `loading` take the place of ours; cut off half way, the next start goes on with it."""
        write_private(self._loaded, "")
        self.sweep()

    def make(self) -> None:
        """Create the folders, for their owner only; refuses a home that cannot be written."""
        try:
            self.root.parent.mkdir(parents=True, exist_ok=True)
            self.root.mkdir(mode=0o700, exist_ok=True)
            for folder in (self.conf, self.data, self.console.parent, self.root / "run"):
                folder.mkdir(exist_ok=True)
            probe = self.root / "run" / f"probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise unwritable(self.root.parent, error) from error

    def password(self) -> str:
        """The password of the user `neo4j`, made at random the first time; a file that only its owner reads."""
        path = self.password_file
        try:
            return path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            pass
        except OSError as error:
            raise unwritable(self.root.parent, error) from error
        if self.has_data:
            raise Refused(
                Code.EMBEDDED_FAILED,
                f"{path} is gone, and without it nobody can open the graph in {self.data}; put the file back, "
                "or wipe the graph (`graphsvc db reset`).",
            )
        password = secrets.token_urlsafe(24)
        write_private(path, password + "\n")
        return password

    def state(self) -> State | None:
        """What the last starter left; None when there is nothing or nothing readable."""
        try:
            return State(**json.loads((self.root / "state.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def remember(self, state: State) -> None:
        """Leave the state for everybody else."""
        write_private(self.root / "state.json", json.dumps(asdict(state)))

    def forget(self) -> None:
        """Drop the state of a server that is gone."""
        (self.root / "state.json").unlink(missing_ok=True)


def of(settings: Settings) -> Layout:
    """The layout below `settings.home`, by its real path: two ways to write one folder must not look like two servers."""
    return Layout((settings.home / "neo4j").resolve())


def unwritable(folder: Path, error: OSError) -> Refused:
    """The refusal for a home we may not write in."""
    return Refused(
        Code.CONFIGURATION,
        f"The home of graphsvc, {folder}, cannot be used: {error.strerror or error}; set GRAPHSVC_HOME to a folder of your own.",
    )


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
