"""The stories that people practice, in the order in which they are told. A new one is a file here and a line below;
an app above adds its own with `tell`."""

from orders.practice.play import Story
from orders.practice.stories import curbside, missing_size, pickup, ship_wave, short_pick

_stories: list[Story] = [pickup.STORY, ship_wave.STORY, short_pick.STORY, curbside.STORY, missing_size.STORY]


def stories() -> list[Story]:
    return _stories


def tell(story: Story) -> Story:
    """Add a story from outside."""
    if all(known.key != story.key for known in _stories):
        _stories.append(story)
    return story
