# ruff: noqa: INP001 - a script, no package
"""Draw the app's icons from static/icons/icon.svg: `.venv/bin/python .ci/make_icons.py` (needs Chromium).

Maskable icons lose up to a fifth on each side to the device's mask, so the drawing stands smaller on a full square.
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).parent.parent / "static" / "icons"
SVG = (ICONS / "icon.svg").read_text()
FULL = SVG.replace(' rx="7"', "").replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"')
FULL = FULL.replace('<rect width="32" height="32"', '<rect x="-4" y="-4" width="40" height="40"')
WANTED = {"app-192": (SVG, 192), "app-512": (SVG, 512), "maskable-512": (FULL, 512), "apple-180": (FULL, 180)}


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (svg, size) in WANTED.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>*{{margin:0}} svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}")
            page.screenshot(path=ICONS / f"{name}.png", omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
