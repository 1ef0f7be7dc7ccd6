"""Start the processes of the shop, start them again when they end, stop them in order."""

import time
from collections.abc import Callable, Sequence
from itertools import groupby

from django.db import connections
from django.db.utils import OperationalError
from django.utils.translation import gettext as _

from omni.embedded import ServerTrouble
from omni.embedded.session import Session
from omni.embedded.trouble import tail
from omni.launcher.child import Child, kill, stop_in_peace

LOOK_EVERY_SECONDS = 0.2
READY_WITHIN_SECONDS = 90.0
ENDS_BEFORE_GIVING_UP = 3


class NotReady(Exception):
    """A process did not come to answer; the message has the end of its log."""


class Supervisor:
    """One thread does everything: the kernel ties each child to the thread that started it."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        session: Session,
        tell: Callable[[str], None],
        is_told_to_stop: Callable[[], bool],
    ) -> None:
        self.children = children
        self.session = session
        self.tell = tell
        self.is_told_to_stop = is_told_to_stop

    def start(self) -> None:
        """Start all side by side and return when each answers. Raises NotReady."""
        for child in self.children:
            child.start()
        for child in self.children:
            self._await(child)

    def watch(self) -> None:
        """Look after the children and their servers until told to stop."""
        while not self.is_told_to_stop():
            self._look_after_servers()
            for child in self.children:
                self._look_after(child)
            time.sleep(LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        """In the order of the roster: first the door, so that no new work comes in behind it."""
        for _steps, group in groupby(self.children, key=lambda child: child.stop_steps):
            together = list(group)
            for child in together:
                self.tell(_("%(title)s: stopping ...") % {"title": child.title})
            stop_in_peace(together)

    def kill(self) -> None:
        """At once; durable work is in the database and loses nothing."""
        kill(self.children)

    def _await(self, child: Child) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        ends = 0
        while not self.is_told_to_stop() and not self._answers(child):
            if not child.is_alive:
                ends += 1
                if ends == ENDS_BEFORE_GIVING_UP:
                    raise NotReady(self._why(child, _("%(title)s ends again and again")))
                child.start()
            if time.monotonic() > deadline:
                raise NotReady(self._why(child, _("%(title)s does not answer")))
            time.sleep(LOOK_EVERY_SECONDS)
        if not self.is_told_to_stop():
            self.tell(_("%(title)s: answers") % {"title": child.title})

    def _answers(self, child: Child) -> bool:
        try:
            return child.is_alive and child.answers(child)
        except OperationalError:  # the database is being started again
            return False
        finally:
            connections.close_all()

    def _why(self, child: Child, reason: str) -> str:
        return f"{reason % {'title': child.title}}: {child.log}\n{tail(child.log)}"

    def _look_after(self, child: Child) -> None:
        if child.is_alive:
            return
        if child.start_again_at is None:
            child.plan_start()
            self.tell(
                _("%(title)s: ended (%(code)s), starting again in %(pause).1f s; see %(log)s")
                % {"title": child.title, "code": child.exit_code, "pause": child.pause, "log": child.log}
            )
        elif child.is_due():
            child.start()

    def _look_after_servers(self) -> None:
        """A killed keeper took its server along; when an address had to change, everybody is told."""
        if self.session.is_kept():
            return
        self.tell(_("An embedded server ended, starting it again ..."))
        before = self.session.addresses
        try:
            self.session.open_again()
        except ServerTrouble as trouble:
            self.tell(str(trouble))
            time.sleep(LOOK_EVERY_SECONDS * 10)
            return
        if self.session.addresses != before:
            self.kill()
