"""An operation that says no says it in a sentence, with a code that machines can read."""

from typing import Any


class Refusal(Exception):
    """The world says no: what was asked cannot be done now. Answered as 409 unless told otherwise.

    `errors` are items with `pointer`, `code` and `detail`; `extra` goes into the body of the answer.
    """

    default_status = 409

    def __init__(
        self,
        code: str,
        message: Any,
        *,
        status: int | None = None,
        errors: list[dict[str, Any]] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status or self.default_status
        self.errors = errors or []
        self.extra = extra

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refusal):
    """Understood, but not for this person or key."""

    default_status = 403


class Invalid(Refusal):
    """Understood, but not acceptable in itself, whatever the state of the world."""

    default_status = 422
