"""What the schema must say: a name of its own for every component, as two of one name would tell clients a wrong shape,
and the empty word wherever it may come."""

from collections.abc import Iterator

from django.core.exceptions import FieldDoesNotExist
from django.core.management import call_command
from rest_framework import serializers

from tests.house.routes import routes


def test_the_schema_is_made_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
    assert (tmp_path / "schema.yml").read_text().startswith("openapi: 3"), "a warning raises; a schema was written"


def test_a_word_that_may_be_empty_is_told_as_such():
    """Of a field that is only read the library knows its words from the model, but not that there may be none."""
    assert routes()  # every serializer is imported
    untold = [
        f"{shape.__name__}.{name}"
        for shape in shapes(serializers.ModelSerializer)
        for name, field in shape().fields.items()
        if type(field) is serializers.ChoiceField and may_be_empty(shape.Meta.model, field)
    ]
    assert untold == []


def shapes(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield from shapes(each)
        if each.__module__.partition(".")[0] in {"customers", "inventory", "omni", "orders", "returns"}:
            yield each


def may_be_empty(model: type, field: serializers.ChoiceField) -> bool:
    try:
        column = model._meta.get_field(field.source)
    except FieldDoesNotExist:
        return False
    return column.blank and not field.allow_blank and "" not in field.choices and list(field.choices) == words(column)


def words(column) -> list[str]:
    return [word for word, _label in column.choices]
