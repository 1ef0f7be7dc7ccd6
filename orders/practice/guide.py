"""What the practice bar on every page says: where somebody is in their story, and what comes next."""

from typing import Any
from urllib.parse import urlsplit

from inventory.models import Location
from omni.core import practice
from orders.practice.play import Play, Step, current, newest
from orders.practice.stories import stories


def plays() -> tuple[Location, dict[str, Play]]:
    """The practice store of this request, and how far each story has come in it."""
    location = Location.everywhere.get(pk=practice.location_id() or 0)
    return location, newest(location, stories())


def guide(request: Any = None) -> dict[str, Any]:
    """The story that was begun last: its step of now, what is done, and the story after it."""
    _location, told = plays()
    play = current(told)
    if play is None:
        return {"next_story": stories()[0]}
    steps, path = play.steps, _path(request)
    shown = play.now.seen_from(path) if play.now else None
    done = [step for step in steps if step.done]
    keys = list(told)
    after = [told[key] for key in keys[keys.index(play.story.key) + 1 :] if not told[key].is_done]
    return {
        "story": play.story, "now": shown, "current": play.now, "elsewhere": _elsewhere(shown, path),
        "steps": steps, "number": len(done) + 1, "count": len(steps),
        "later": steps[len(done) + 1 :], "done": done, "next_story": after[0].story if after else None,
    }  # fmt: skip


def _elsewhere(step: Step | None, path: str) -> str:
    """Where the step is done, for whoever is in another room."""
    return "" if step is None or path.startswith(step.room) else step.room


def _path(request: Any) -> str:
    """The page that somebody looks at; the bar is drawn anew by a request of its own."""
    return urlsplit(request.headers.get("HX-Current-URL", "") or request.path).path if request else ""
