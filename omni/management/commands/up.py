"""`make run`: everything the shop needs on this machine, from an empty folder to a page that answers."""

import os
import socket
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command, get_commands
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from omni.embedded import servers
from omni.embedded.lock import FileLock
from omni.embedded.place import var_folder
from omni.embedded.session import Session
from omni.launcher.listener import PortTaken, open_port
from omni.launcher.roster import roster
from omni.launcher.screen import screen
from omni.launcher.stop_signals import Hurry, StopSignals
from omni.launcher.supervisor import NotReady, Supervisor


class Command(BaseCommand):
    help = "Start everything the shop needs on this machine, and watch over it until Ctrl-C."
    requires_system_checks = []  # migrate runs them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stop-with-parent",
            action="store_true",
            help="stop when the process that called us ends, as make does",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = StopSignals(with_parent=options["stop_with_parent"])
        var = var_folder()
        only_one = FileLock(var / "up.lock")
        if not only_one.take_alone():
            raise CommandError(_("It is already running from %(var)s.") % {"var": var})
        try:
            with servers() as session, closing(self._open_port()) as listener:
                self._bring_up_to_date()
                self._serve(session, listener, var, stop)
        except Hurry:
            self._tell(_("Stopped at once."))
        finally:
            only_one.close()

    def _serve(self, session: Session, listener: socket.socket, var: Path, stop: StopSignals) -> None:
        """Start everybody, show the screen, watch until told to stop."""
        (var / "beat.pid").unlink(missing_ok=True)  # a killed clock left it; we hold the lock
        children = roster(socket=listener.fileno(), port=settings.PORT, var=var)
        supervisor = Supervisor(children, session=session, tell=self._tell, is_told_to_stop=lambda: stop.told)
        self._tell(_("Starting the web server, the workers, the clock and the event relay ..."))
        try:
            stop.is_preparing = False
            supervisor.start()
            if not stop.told:
                self._tell(screen(address=settings.PUBLIC_URL, var=var, seconds=_own_age()))
                supervisor.watch()
            listener.close()
            supervisor.stop()
        except NotReady as trouble:
            raise CommandError(str(trouble)) from trouble
        finally:
            supervisor.kill()

    def _bring_up_to_date(self) -> None:
        """Tables first, then something to look at."""
        executor = MigrationExecutor(connections["default"])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self._tell(_("Migrating the database (%(count)d steps) ...") % {"count": len(plan)})
            call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout, stderr=self.stderr)
        if "seed_demo" in get_commands():
            call_command("seed_demo", if_empty=True, stdout=self.stdout, stderr=self.stderr)
        connections.close_all()

    def _open_port(self) -> socket.socket:
        try:
            return open_port(settings.PORT)
        except PortTaken as taken:
            raise CommandError(
                _("Port %(port)s is taken by another program. Choose another one: PORT=%(next)s make run")
                % {"port": settings.PORT, "next": settings.PORT + 1}
            ) from taken

    def _tell(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()


def _own_age() -> float:
    """Seconds since this process began, the servers' start and Django's own included."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
