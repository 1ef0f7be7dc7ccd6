"""Each resource of the API, tried without a key, without the scope, with it, and with another store's things."""

from omni.core.models import ApiKey
from omni.core.rest.known_scopes import known_scopes
from tests.house.conftest import undone
from tests.house.doors import API
from tests.house.routes import address, routes
from tests.house.world import browser

PREFIX = "api/v1/"
CELLS = [(route, method) for route, resource in API.items() for method in resource.scopes]
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def test_every_method_names_its_scope():
    for route, resource in API.items():
        view = routes()[PREFIX + route].callback.cls
        assert {m for m in METHODS if hasattr(view, m.lower())} == set(view.required_scopes), route
        assert view.required_scopes == resource.scopes, route


def test_each_resource_opens_for_its_scope_and_nothing_else(world):
    wrong = []
    for route, method in CELLS:
        path, scope = path_of(route, world.own), API[route].scopes[method]
        others = [each for each in known_scopes() if each != scope]
        with undone():
            got = [
                ask(path, method),
                ask(path, method, token="omni_wrong"),
                ask(path, method, token=issue(world, route, others)),
            ]
        if [answer.status_code for answer in got] != [401, 401, 403]:
            wrong.append(f"{method} {path}: {[answer.status_code for answer in got]}, expected 401, 401, 403")
        with undone():
            answer = ask(path, method, token=issue(world, route, [scope]))
        if answer.status_code in {401, 403, 405} or answer.status_code >= 500:
            wrong.append(f"{method} {path} with {scope}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_another_stores_things_do_not_exist_for_a_key_of_one_store(world):
    wrong = []
    for route, method in CELLS:
        if API[route].args is None or API[route].chain_wide or not API[route].by_place:
            continue
        with undone():
            answer = ask(path_of(route, world.foreign), method, token=issue(world, route, [API[route].scopes[method]]))
        # A body that lacks what the act needs may be told first; that says nothing about the thing.
        if answer.status_code not in {404, 400, 422} or (method == "GET" and answer.status_code != 404):
            wrong.append(f"{method} {route}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_other_methods_do_not_exist(world):
    wrong = []
    for route, resource in API.items():
        with undone():
            token = issue(world, route, known_scopes())
            for method in sorted(METHODS - set(resource.scopes)):
                answer = ask(path_of(route, world.own), method, token=token)
                if answer.status_code != 405:
                    wrong.append(f"{method} {route}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def issue(world, route: str, scopes) -> str:
    """A key of the own store, or of the whole chain where the resource belongs to it."""
    limits = {} if API[route].chain_wide else {"locations": [world.own.location.scope]}
    _key, token = ApiKey.issue(name="own", scopes=list(scopes), **limits)
    return token


def path_of(route: str, place) -> str:
    args = API[route].args
    return address(PREFIX + route, args(place) if args else {})


def ask(path: str, method: str, token: str = ""):
    headers = {"Idempotency-Key": "house"} | ({"Authorization": f"Bearer {token}"} if token else {})
    return browser().generic(method, path, "{}", content_type="application/json", headers=headers)
