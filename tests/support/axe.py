"""What axe finds on a page against WCAG 2.2 AA, and whether the page runs over its side."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = next((Path(__file__).resolve().parents[1] / "vendor" / "axe").glob("*/axe.min.js"))
WHOLE = """(v => {
  // A line half under a list that is open, or at the edge of a box that scrolls, is as large as the others.
  const cut = ({ target }) => {
    const line = document.querySelector(target[0]);
    if (v.id !== "target-size" || !line?.closest(".outline, .feed")) return false;
    const { left, right, top, bottom } = line.getBoundingClientRect();
    const points = [left + 8, (left + right) / 2, right - 8].flatMap((x) => [[x, top + 1], [x, bottom - 1]]);
    return points.some(([x, y]) => !line.contains(document.elementFromPoint(x, y)));
  };
  return { ...v, nodes: v.nodes.filter((node) => !cut(node)) };
})"""


LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""What is asked for: WCAG 2.2, level AA."""
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that can fail in one colour scheme and hold in the other."""


def faults(page: Page, *rules: str) -> list[str]:
    """Each fault in a line; none where the page is well. By some rules alone, where they are named."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        f"async () => (await axe.run(document, {{runOnly: {list(rules or LEVELS)}}}))"
        f".violations.map({WHOLE}).filter(v => v.nodes.length)"
        ".map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))"
    )
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"{over} px too wide"] if over > 1 else [])]
