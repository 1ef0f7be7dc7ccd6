"""Every component of the schema has a name of its own: two of one name would tell clients a wrong shape."""

from django.core.management import call_command


def test_the_schema_is_made_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
