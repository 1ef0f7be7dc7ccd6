"""The shop's screens speak Spanish too: nothing that an associate reads is left in English."""

import re

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

from tests.house.conftest import undone
from tests.house.doors import SCREENS
from tests.house.routes import address

CATALOG = settings.BASE_DIR / "locale" / "es" / "LC_MESSAGES" / "django.po"
# Names of columns that only HQ shows; the labels of choices stand on screens and are looked for there.
ONLY_HQ = re.compile(r"^(?:\w+/models/\S+|omni/core/models/\S+|\w+/apps\.py|omni/server_check\.py)$")
NAMES = {"Inglés", "Español"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%\.\d+f|\{\w+\}")


@pytest.fixture(scope="module")
def entries():
    return [entry for entry in polib.pofile(str(CATALOG)) if not entry.obsolete]


def test_every_text_of_the_shop_is_translated(entries):
    shop = [each for each in entries if not all(ONLY_HQ.match(path) for path, _line in each.occurrences)]
    assert shop, "the catalog says where each text stands"
    assert not [each.msgid for each in shop if not each.translated()]
    assert not [each.msgid for each in entries if each.fuzzy]


def test_placeholders_are_kept(entries):
    wrong = []
    for entry in entries:
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            said = {*PLACEHOLDER.findall(entry.msgid), *PLACEHOLDER.findall(entry.msgid_plural)}
            if text and not set(PLACEHOLDER.findall(text)) <= said:
                wrong.append((entry.msgid, text))
            if text and not entry.msgid_plural and set(PLACEHOLDER.findall(text)) != said:
                wrong.append((entry.msgid, text))
    assert not wrong


def test_what_is_compiled_is_what_is_written(entries):
    compiled = polib.mofile(str(CATALOG.with_suffix(".mo")))
    told = {(each.msgctxt, each.msgid): each.msgstr_plural or each.msgstr for each in compiled}
    assert told == {
        (each.msgctxt, each.msgid): each.msgstr_plural or each.msgstr for each in entries if each.translated()
    }, "run make messages"


def test_no_screen_shows_an_english_text(world, monkeypatch):
    """Whatever a screen asks the catalog for and does not find, it would show in English."""
    missing: dict[str, str] = {}
    here = ""

    def noted(ask):
        def gettext(message, *args):
            catalog = trans_real.translation("es")._catalog
            if message and translation.get_language() == "es" and not _known(catalog, message):
                missing.setdefault(str(message), here)
            return ask(message, *args)

        return gettext

    for name in ("gettext", "ngettext"):
        monkeypatch.setattr(translation._trans, name, noted(getattr(trans_real, name)))
    client = world.client("manager", world.own)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    for route, door in SCREENS.items():
        if door.post or route.startswith("api/"):
            continue
        here = route
        with undone():
            client.get(address(route, door.args(world.own) if door.args else {}))
    assert not missing


def _known(catalog, message) -> bool:
    """Told under this key; or what is asked for is a Spanish text already, as Django does with names of languages."""
    keys = (message, (message, 0), (message, 1))
    return any(key in catalog for key in keys) or message in NAMES
