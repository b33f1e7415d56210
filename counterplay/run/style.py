"""How the report looks: one column, quiet colours, light or dark as the reader's system is."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root { color-scheme: light dark; --back: #fbfbfa; --card: #fff; --ink: #1f2328; --soft: #67707c;
  --line: #e3e5e8; --accent: #c8452b; --mono: ui-monospace, SFMono-Regular, Menlo, monospace;
  --c0: #c8452b; --c1: #2f6db3; --c2: #2f8f5b; --c3: #9a6a10; --c4: #7a4fb5; --c5: #0d8a95;
  --c6: #b0417f; --c7: #5d6673; }
@media (prefers-color-scheme: dark) { :root { --back: #14171a; --card: #1b1f24; --ink: #e4e7eb;
  --soft: #98a2ae; --line: #2e343b; --accent: #f0795f; --c0: #f0795f; --c1: #6fa8e8; --c2: #63c28f;
  --c3: #d9ab4e; --c4: #b396e6; --c5: #4fc3cd; --c6: #e283b8; --c7: #a7b0bc; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 72px; }
h1 { margin: 0; font-size: 34px; line-height: 1.2; letter-spacing: -.01em;
  overflow-wrap: anywhere; }
h2 { margin: 0 0 14px; font-size: 20px; }
h3 { margin: 26px 0 10px; font-size: 15px; color: var(--soft); font-weight: 600; }
p { margin: 0 0 14px; max-width: 72ch; }
.brand { margin: 0 0 4px; color: var(--accent); font-size: 13px; font-weight: 600;
  letter-spacing: .06em; text-transform: uppercase; }
.state { margin: 8px 0 22px; color: var(--soft); }
section { margin-top: 30px; padding: 24px; background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; }
.tiles { display: flex; flex-wrap: wrap; gap: 14px 40px; margin: 0; }
.tiles dt, th, figcaption, .keys { color: var(--soft); font-size: 13px; }
.tiles dd { margin: 2px 0 0; font-size: 18px; font-weight: 600; }
figure { margin: 0; }
figcaption { margin-top: 6px; }
img { display: block; max-width: 100%; height: auto; border-radius: 6px; background: #fff; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr));
  gap: 24px; align-items: start; }
.strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 16px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
  gap: 28px 24px; }
.charts figcaption { margin: 0 0 4px; color: var(--ink); font-weight: 600; font-size: 14px; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--soft); font-size: 12px; text-anchor: middle; }
svg .grid line { stroke: var(--line); }
svg text.y, svg text.level { text-anchor: end; }
svg line.level { stroke: var(--soft); stroke-dasharray: 5 4; }
svg path { fill: none; stroke-linecap: round; stroke-linejoin: round; }
svg .raw { stroke-width: 1; opacity: .3; }
svg .curve { stroke-width: 2; }
.c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
.c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
svg path { stroke: var(--c); }
.keys { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 6px 0 0; }
.keys i { display: inline-block; width: 14px; height: 3px; margin-right: 6px; border-radius: 2px;
  vertical-align: middle; background: var(--c); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; }
th, td { padding: 7px 18px 7px 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; font-weight: 400; }
tr:last-child > * { border-bottom: 0; }
thead th { border-bottom: 1px solid var(--soft); }
tbody th { white-space: nowrap; }
.numbers { min-width: 100%; }
.numbers tbody th { color: var(--ink); font-size: 14px; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.numbers th:nth-child(n+2):nth-child(-n+6) { text-align: right; }
ul { margin: 14px 0; padding-left: 20px; }
.commands { margin: 0; }
.commands dt { color: var(--soft); font-size: 13px; }
.commands dd { margin: 2px 0 12px; overflow-x: auto; }
.commands dd:last-child { margin-bottom: 0; }
code, pre { font-family: var(--mono); font-size: 13px; }
code { white-space: pre; }
pre { margin: 0; overflow-x: auto; line-height: 1.5; }
@media print { section { break-inside: avoid; } body { background: none; } }
"""
