"""What the content security policy forbids is in no template of ours."""

import re
from pathlib import Path

from django.conf import settings

FORBIDDEN = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "something from another host": re.compile(r"(?:src|href)=\"(?:https?:)?//", re.I),
}


def test_no_template_holds_what_the_policy_forbids():
    folder = Path(settings.BASE_DIR) / "templates"
    templates = sorted(folder.rglob("*.html"))
    assert len(templates) > 50
    found = [
        f"{template.relative_to(folder)}: {what}"
        for template in templates
        for what, pattern in FORBIDDEN.items()
        if pattern.search(without_comments(template.read_text()))
    ]
    assert not found


def test_the_patterns_find_what_they_look_for():
    bad = ['<p style="x">', "<script>1</script>", '<a onclick="x()">', '<a href="javascript:x">', '<img src="//cdn/x">']
    assert [next(w for w, p in FORBIDDEN.items() if p.search(text)) for text in bad] == list(FORBIDDEN)


def test_a_form_that_is_included_alone_gets_the_token_that_its_post_needs():
    """`include … only` hands on nothing by itself; the browsers of most tests post without a token."""
    folder = Path(settings.BASE_DIR) / "templates"
    texts = {str(file.relative_to(folder)): without_comments(file.read_text()) for file in folder.rglob("*.html")}
    forms = {name for name, text in texts.items() if "{% csrf_token %}" in text}
    alone = [
        (name, included, said)
        for name, text in texts.items()
        for included, said in re.findall(r"{% include \"([^\"]+)\"([^%]*) only %}", text)
        if included in forms
    ]
    assert alone
    assert not [f"{name} includes {included}" for name, included, said in alone if "csrf_token=" not in said]


def without_comments(text: str) -> str:
    return re.sub(r"{#.*?#}", "", text)
