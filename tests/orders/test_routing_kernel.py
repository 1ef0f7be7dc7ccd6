"""What is compiled is compiled once: each further combination of types takes seconds, with all that is called."""

import importlib
import pkgutil

import pytest

from orders import routing
from orders.routing import kernel
from orders.routing.warm import warm


@pytest.mark.skipif(kernel.KERNEL != kernel.COMPILED, reason="nothing is compiled")
def test_each_compiled_function_has_one_signature():
    warm()
    modules = [
        importlib.import_module(f"orders.routing.{found.name}") for found in pkgutil.iter_modules(routing.__path__)
    ]
    compiled = {each.py_func: each.signatures for module in modules for each in vars(module).values()
                if hasattr(each, "signatures")}  # fmt: skip
    assert len(compiled) > 40
    assert {function.__name__: types for function, types in compiled.items() if len(types) > 1} == {}
