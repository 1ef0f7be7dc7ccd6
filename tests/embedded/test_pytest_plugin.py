"""A test run can never reach the servers of the shop."""

import os
import subprocess
import sys

from omni.embedded.place import CHECKOUT

SHOW = """
import os
def test_where():
    print("WHERE", os.environ["OMNI_VAR"], os.environ["OMNI_REDIS_URL"], os.environ["OMNI_DATABASE_URL"])
"""


def test_a_test_run_ignores_the_servers_that_the_shell_knows(machine, tmp_path):
    given = {"OMNI_DATABASE_URL": "postgresql://shop/omni", "OMNI_REDIS_URL": "redis://shop/0"}
    var, redis_url, database_url = run_pytest(machine, tmp_path, given)
    assert var == str(machine.var / "test")
    assert redis_url.endswith("/0")
    assert "@127.0.0.1:" in redis_url
    assert "@127.0.0.1:" in database_url
    assert machine.processes() == []


def test_servers_meant_for_tests_are_used(machine, tmp_path):
    given = {"OMNI_TEST_DATABASE_URL": "postgresql://ci/omni", "OMNI_TEST_REDIS_URL": "redis://ci/0"}
    assert run_pytest(machine, tmp_path, given)[1:] == ["redis://ci/0", "postgresql://ci/omni"]


def test_a_second_run_at_the_same_time_has_its_own_servers(machine, tmp_path):
    first = machine.start_user(env={"OMNI_VAR": str(machine.var / "test")})
    lock = machine.var / "test/test-run.lock"
    holder = subprocess.Popen(
        ["flock", str(lock), "sh", "-c", "echo held; read line"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "held\n"

    var, redis_url, _ = run_pytest(machine, tmp_path, {})

    assert var == str(machine.var / "test-2")
    assert redis_url != first.redis_url
    holder.communicate("\n")
    first.leave()


def run_pytest(machine, folder, environment):
    (folder / "test_where.py").write_text(SHOW)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "/dev/null", "-q", "-s", "-p", "omni.embedded.pytest_plugin",
         "-p", "no:django", "-p", "no:cacheprovider", "--import-mode=importlib", str(folder)],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "OMNI_VAR": str(machine.var)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return next(line.split()[1:] for line in done.stdout.splitlines() if line.startswith("WHERE"))
