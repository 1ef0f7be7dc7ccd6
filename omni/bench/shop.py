"""The shop as `make run` starts it, or a part of it, on a free port for the time of a block."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from django.db import connections

from omni.embedded import servers
from omni.embedded.place import var_folder
from omni.launcher.listener import open_port
from omni.launcher.roster import roster
from omni.launcher.supervisor import Supervisor

ANY_FREE = 0


@dataclass(frozen=True)
class Shop:
    """Where the web server listens, and its process."""

    port: int
    web: int


@contextmanager
def shop(*names: str, tell: Callable[[str], None]) -> Iterator[Shop]:
    """Run the named processes of the roster (none named: all of them)."""
    connections.close_all()
    with servers() as session, closing(open_port(ANY_FREE)) as listener:
        port = listener.getsockname()[1]
        everybody = roster(socket=listener.fileno(), port=port, var=var_folder())
        children = [child for child in everybody if not names or child.name in names]
        supervisor = Supervisor(children, session=session, tell=tell, is_told_to_stop=lambda: False)
        try:
            supervisor.start()
            yield Shop(port, next(child.pid for child in children if child.name == "web"))
            supervisor.stop()
        finally:
            supervisor.kill()
