"""A report as a page: one HTML file that needs nothing else, on a screen, a phone or paper."""

import base64
from html import escape
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt

from repfair_keras.reporting.html import report_html

STYLE = """
:root { color-scheme: light dark; --text: #1a1a1a; --page: #ffffff; --soft: #f2f4f7; --line: #d5dae1; --mark: #0072b2;
  --warn: #8a4b00; --warn-page: #fff4e0; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e6e6; --page: #15181c; --soft: #1f242b; --line: #39414c;
  --mark: #6db6e8; --warn: #ffc36b; --warn-page: #33270f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; color: var(--text); background: var(--page);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); padding-bottom: 0.25rem; }
img { max-width: 100%; height: auto; background: #ffffff; border-radius: 4px; }
.table { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.75rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
thead th { background: var(--soft); position: sticky; top: 0; }
th button { all: unset; cursor: pointer; font: inherit; }
th button:focus-visible { outline: 2px solid var(--mark); }
th[aria-sort=ascending] button::after { content: " ▲"; }
th[aria-sort=descending] button::after { content: " ▼"; }
blockquote { margin: 0.75rem 0; padding: 0.5rem 1rem; color: var(--warn); background: var(--warn-page);
  border-left: 4px solid var(--warn); }
blockquote p { margin: 0; }
.first { background: var(--soft); border-radius: 8px; padding: 0.5rem 1rem; margin-bottom: 1rem; }
.first img { max-height: 22rem; }
@media (max-width: 40rem) { .first td:nth-child(3), .first th:nth-child(3) { display: none; } }
@media print { body { max-width: none; padding: 0; } thead th { position: static; }
  img, table { break-inside: avoid; } }
"""
SCRIPT = """
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  if (!body || body.rows.length < 2) continue;
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => row.cells[column].textContent.trim();
      const number = (text) => parseFloat(text.replace(/,/g, ""));
      const rows = [...body.rows].sort((a, b) => {
        const [x, y] = [value(a), value(b)], difference = number(x) - number(y);
        return Number.isNaN(difference) ? x.localeCompare(y, undefined, { numeric: true }) : difference;
      });
      body.append(...(down ? rows.reverse() : rows));
    });
  }
}
"""


def report_page(report, markdown, folder):
    """Returns a report as one HTML page.

    On top stand what was asked and found, how sure that is, what is wrong, and pictures of each group; below,
    everything that the Markdown has. Pictures are in the page, tables sort by a click, names are escaped.

    Args:
        report: `ImageReport` or `TableReport`.
        markdown: its Markdown, `reporting.markdown.to_markdown(report, figures)`.
        folder: where the Markdown lies, with its pictures below.

    Returns:
        str, HTML.
    """
    title = report.name or report.method or "report"
    first = f'<section class="first">{_first_screen(report, Path(folder))}</section>'
    body = _rendered(markdown, Path(folder)).replace("</h1>", f"</h1>\n{first}", 1)
    body = body.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            f"<title>Report: {escape(title)}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            body,
            f"<script>{SCRIPT}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _first_screen(report, folder):
    """Shares and warnings, and pictures of the groups."""
    asked = ""
    if getattr(report, "target", None) and report.modality == "images":
        pairs = zip(report.groups, report.target, strict=True)
        asked = ", ".join(f"{escape(name)} {100 * share:.1f} %" for name, share in pairs)
        asked = f"<p>Asked for: {asked}.</p>"
    pictures = [folder / "figures" / name for name in ("assigned.png", "samples.png")]
    picture = next((path for path in pictures if path.is_file()), None)
    shown = "" if picture is None else f'<p><img src="{_data(picture)}" alt="Samples of each group"></p>'
    return f"{asked}{report_html(report)}{shown}"


def _rendered(markdown, folder):
    """Markdown as HTML, its pictures in it; text that looks like HTML stays text."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = renderer.parse(markdown)
    for token in tokens:
        for part in token.children or ():
            if part.type == "image":
                path = folder / unquote(part.attrs["src"])
                inside = path.is_file() and folder.resolve() in path.resolve().parents
                part.attrs["src"] = _data(path) if inside else ""
    return renderer.renderer.render(tokens, renderer.options, {})


def _data(path):
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
