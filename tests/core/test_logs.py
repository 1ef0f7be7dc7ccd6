"""One JSON line per thing, with the request it belongs to and nobody's secrets."""

import io
import json
import logging
import logging.config

import pytest
import structlog

from omni.logs import logging_config


@pytest.fixture
def lines():
    out = io.StringIO()
    config = logging_config(level="INFO")
    handler = logging.StreamHandler(out)
    formatter = config["formatters"]["json"].copy()
    handler.setFormatter(formatter.pop("()")(**formatter))
    logger = logging.getLogger("trial")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logger.removeHandler(handler)
    structlog.contextvars.clear_contextvars()


def test_a_line_says_what_when_and_for_which_request(lines):
    structlog.contextvars.bind_contextvars(request_id="r-1")
    structlog.get_logger("trial").info("order placed", number="100234")
    logging.getLogger("trial").warning("from a library: %s", "hello")
    ours, theirs = lines()
    said = [ours[name] for name in ("event", "number", "request_id", "level")]
    assert said == ["order placed", "100234", "r-1", "info"]
    assert (theirs["event"], theirs["request_id"], theirs["logger"]) == ("from a library: hello", "r-1", "trial")
    assert ours["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ({"password": "hunter2"}, "hunter2"),
        ({"api_token": "abc"}, "abc"),
        ({"pickup_code": "483920"}, "483920"),
        ({"header": "Bearer omni_abcdefghijklmnopqrstuvwxyz"}, "omni_abc"),
        ({"url": "https://x/?k=omni_abcdefghijklmnopqrstuvwxyz"}, "omni_abc"),
        ({"text": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "MfKQ9r8"),
    ],
)
def test_secrets_reach_no_log_by_name_or_by_look(lines, values, hidden):
    structlog.get_logger("trial").info("seen", **values)
    assert hidden not in json.dumps(lines())
    assert "[hidden]" in json.dumps(lines())


def test_secrets_in_a_traceback_and_in_text_are_hidden_too(lines):
    try:
        raise ValueError("bad key omni_abcdefghijklmnopqrstuvwxyz")
    except ValueError:
        logging.getLogger("trial").exception("failed with %s", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert "omni_abc" not in json.dumps(line)
    assert "MfKQ9r8" not in json.dumps(line)
