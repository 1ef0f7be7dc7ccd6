"""Whatever a client makes of the schema, the answer is one that the schema names, and never a 500."""

import copy
import uuid
from typing import Any

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from inventory.operations.hold import expire_holds
from inventory.operations.number_changes import number_changes
from omni.core import relay
from omni.wsgi import application
from tests.api.conftest import order_body, pickup, ship
from tests.factories import GroupFactory, LocationFactory, stocked
from tests.house.world import begun_return
from tests.shop import audit

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
          response_schema_conformance]  # fmt: skip
EXAMPLES = pytest.mark.parametrize("examples", [3, pytest.param(50, marks=pytest.mark.campaign)])

# The application behind WSGI closes its connection after each request, as it does for real.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def known(site, store):
    """Something of everything, so that not all guesses end at 404."""
    dc = LocationFactory(kind="dc", group=GroupFactory())
    tee, mug = stocked(store, 1000), stocked(dc, 1000)
    lines = [pickup(tee, store, 2, reference="1"), ship(mug, 2, reference="2")]
    number = site.post("/orders", order_body(*lines)).json()["number"]
    hold = site.post("/holds", {"lines": [{"sku": mug.sku, "quantity": 1}]}).json()["id"]
    return {
        "sku": [tee.sku, mug.sku, "NO-SUCH"],
        "location": [store.code, dc.code, "NO-SUCH"],
        "code": [store.code, "NO-SUCH"],
        "reference": ["1", "2", "3"],
        "currency": ["USD", "EUR"],
        "hold_id": [hold, str(uuid.uuid4())],
        "orders": [number, "1"],
        "fulfillment-orders": [f"{number}-1", f"{number}-2", "1-1"],
        "rma_number": [begun_return(store, tee).rma, "1"],
    }


@EXAMPLES
def test_every_answer_is_one_that_the_schema_names(site, known, examples):
    raw = site.client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    schema = schemathesis.openapi.from_dict(taught(raw, known))
    schema.app = application
    found = {operation.label: problem_of(operation, site, examples) for operation in operations(schema)}
    assert len(found) >= 25, list(found)
    problems = [f"{label}: {problem}" for label, problem in found.items() if problem]
    assert not problems, "\n\n".join(problems)
    work_through()
    assert audit() == {}


def work_through() -> None:
    """What workers would have done meanwhile: after five minutes the audit asks for it."""
    number_changes()
    expire_holds(now=timezone.now())
    while relay.run_once():
        pass


def operations(schema: Any) -> list[Any]:
    return [result.ok() for result in schema.get_all_operations()]


def problem_of(operation: Any, site, examples: int) -> str:
    """What an answer of this operation did that the schema does not say; empty where all is well."""

    @given(case=operation.as_strategy())
    @settings(max_examples=examples, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    def conforms(case: Any) -> None:
        headers = {"Authorization": site.client._credentials["HTTP_AUTHORIZATION"]}
        if operation.method.upper() in {"POST", "DELETE"}:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        case.call_and_validate(app=application, headers=headers, checks=CHECKS)

    try:
        conforms()
    except FailureGroup as failures:
        return "\n".join(str(failure) for failure in failures.exceptions)
    return ""


def taught(raw: dict[str, Any], known: dict[str, list[str]]) -> dict[str, Any]:
    """The schema with the names of things that exist, in requests only."""
    schema = copy.deepcopy(raw)
    for name, component in schema["components"]["schemas"].items():
        if name.endswith("Request"):
            _teach(component.get("properties", {}), known)
    for path, operations in schema["paths"].items():
        numbers = known["fulfillment-orders" if "fulfillment-orders" in path else "orders"]
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "number":
                    # As a text: a number that is no number must be a 404 like any other.
                    parameter["schema"] = {"type": "string", "enum": numbers}
                elif parameter["name"] == "rma_number":
                    parameter["schema"] = {"type": "string", "enum": known["rma_number"]}
                elif parameter["name"] in known:
                    _teach({parameter["name"]: parameter["schema"]}, known)
    return schema


def _teach(properties: dict[str, Any], known: dict[str, list[str]]) -> None:
    for name, shape in properties.items():
        inner = shape.get("items", shape)
        if name in known and inner.get("type") == "string":
            inner["enum"] = known[name]
