"""Expect an operation to refuse, and go on with the test's transaction afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from omni.core.refusals import Refusal


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block refuses with this code; what it wrote is undone."""
    with pytest.raises(Refusal) as info, transaction.atomic():
        yield info
    assert info.value.code == code
