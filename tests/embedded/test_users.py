"""Who starts the servers, who stops them, and what a start leaves on the disk."""

import stat

from omni.embedded.process import wait_until


def test_a_first_start_gives_a_database_and_a_broker(machine):
    user = machine.start_user()

    assert user.query("show server_version").startswith("18.")
    assert user.query("show data_checksums") == "on"
    assert user.query("show listen_addresses") == "127.0.0.1"
    locale = "select datlocprovider::text || datlocale from pg_database where datname = 'omni'"
    assert user.query(locale) == "bC.UTF-8"
    assert user.query("select rolsuper from pg_roles where rolname = current_user") is False
    assert user.redis().config_get("appendfsync", "appendonly", "maxmemory-policy") == {
        "appendfsync": "everysec",
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
    }
    user.leave()


def test_passwords_are_generated_and_readable_by_the_owner_alone(machine):
    user = machine.start_user()

    secrets = [*machine.var.glob("*/password"), *machine.var.glob("*/superuser.password")]
    assert len(secrets) == 3
    assert len({secret.read_text() for secret in secrets}) == 3
    assert {stat.S_IMODE(secret.stat().st_mode) for secret in secrets} == {0o600}
    assert not (machine.var / "postgres/initdb.password").exists()
    user.leave()


def test_only_servers_of_a_test_run_may_lose_data_in_a_power_cut(used_machine):
    settings = "select current_setting('fsync') || current_setting('synchronous_commit')"
    user = used_machine.start_user()
    assert user.query(settings) == "onon"
    user.leave()

    tester = used_machine.start_user(env={"OMNI_TEST": "1"})
    assert tester.query(settings) == "offoff"
    tester.leave()


def test_the_last_user_stops_the_servers(used_machine):
    first, second = used_machine.start_user(), used_machine.start_user()
    assert (first.database_url, first.redis_url) == (second.database_url, second.redis_url)

    first.leave()
    assert second.answers()
    assert second.redis().ping()
    assert len(used_machine.keepers()) == 2

    second.leave()
    assert used_machine.processes() == []


def test_data_survives_between_starts_on_the_same_ports(used_machine):
    user = used_machine.start_user()
    user.query("create table kept as select 42 as answer")
    user.redis().set("kept", "42")
    user.leave()

    again = used_machine.start_user()
    assert again.query("select answer from kept") == 42
    assert again.redis().get("kept") == b"42"
    assert again.database_url == user.database_url
    again.leave()


def test_a_killed_user_leaves_nothing_behind(used_machine):
    user = used_machine.start_user()
    user.kill()
    assert used_machine.is_quiet()


def test_killing_the_user_who_started_them_leaves_the_servers_to_the_others(used_machine):
    starter, other = used_machine.start_user(), used_machine.start_user()
    starter.kill()

    assert other.answers()
    keepers = used_machine.keepers()
    other.open_again()
    assert used_machine.keepers() == keepers
    other.leave()
    assert used_machine.processes() == []


def test_given_addresses_start_nothing(machine):
    given = {"OMNI_DATABASE_URL": "postgresql://elsewhere/shop", "OMNI_REDIS_URL": "redis://elsewhere/0"}
    user = machine.start_user(env=given)
    assert (user.database_url, user.redis_url) == tuple(given.values())
    assert machine.processes() == []
    assert not machine.var.exists()
    user.leave()


def test_one_given_address_starts_only_the_other_server(machine):
    user = machine.start_user(env={"OMNI_DATABASE_URL": "postgresql://elsewhere/shop"})
    assert user.database_url == "postgresql://elsewhere/shop"
    assert user.redis().ping()
    assert machine.keepers("postgres") == []
    assert wait_until(lambda: len(machine.keepers("valkey")) == 1, seconds=5)
    user.leave()
