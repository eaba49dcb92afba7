#include "html_style.hpp"

namespace troupe::report {

namespace {

constexpr std::string_view style = R"css(
:root { color-scheme: light dark;
  --page: #ffffff; --text: #1d2129; --faint: #667085; --line: #d9dde5;
  --panel: #f6f7f9; --done: #1f7a43; --failed: #c4262c; --running: #1b66c9;
  --idle: #667085; --critical: #b45f06; }
@media (prefers-color-scheme: dark) { :root {
  --page: #14171c; --text: #e4e7ec; --faint: #98a2b3; --line: #333a45;
  --panel: #1c2027; --done: #3fbf74; --failed: #f0616a; --running: #5aa2f7;
  --idle: #98a2b3; --critical: #f0a03c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 24px; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 32px 0 8px; }
p, dl, ul { margin: 8px 0; }
.faint { color: var(--faint); }
.badge { padding: 1px 9px; border-radius: 10px; color: var(--page);
  background: var(--idle); font-size: 14px; }
.badge.s-done { background: var(--done); }
.badge.s-failed { background: var(--failed); }
.badge.s-running { background: var(--running); }
.note { border-left: 3px solid var(--critical); padding: 4px 12px;
  background: var(--panel); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow: auto; max-height: 80vh; border: 1px solid var(--line);
  border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { text-align: left; color: var(--faint); padding: 4px 10px; }
th, td { padding: 4px 10px; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { position: sticky; top: 0; background: var(--panel); white-space: nowrap; }
td.right, th.right { text-align: right; white-space: nowrap; }
tr.total td { font-weight: 600; }
td.s-done { color: var(--done); }
td.s-failed { color: var(--failed); }
td.s-running { color: var(--running); }
.detail { white-space: pre-wrap; overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 8px 0; }
summary { padding: 6px 12px; cursor: pointer; overflow-wrap: anywhere; }
pre { margin: 0; padding: 10px 12px; background: var(--panel);
  white-space: pre-wrap; overflow-wrap: anywhere;
  font: 13px/1.45 ui-monospace, monospace; }
svg { display: block; }
svg text { font: 11px ui-monospace, monospace; fill: var(--text); }
svg .tick { text-anchor: middle; fill: var(--faint); }
svg .grid { stroke: var(--line); }
svg .label { text-anchor: middle; }
svg text.critical { font-weight: 700; }
svg rect { fill: var(--idle); }
svg rect.wait { fill: var(--line); }
svg rect.s-done { fill: var(--done); }
svg rect.s-failed { fill: var(--failed); }
svg rect.s-running { fill: var(--running); }
svg rect.critical { stroke: var(--critical); stroke-width: 2.5; }
svg rect.box { fill: var(--panel); stroke: var(--idle); stroke-width: 1.5; }
svg rect.box.s-done { stroke: var(--done); }
svg rect.box.s-failed { stroke: var(--failed); }
svg rect.box.s-running { stroke: var(--running); }
svg rect.box.s-omitted, svg rect.box.s-skipped, svg rect.box.s-cancelled {
  stroke-dasharray: 4 3; }
svg rect.box.critical { stroke-width: 4; }
svg .edge { fill: none; stroke: var(--idle); stroke-width: 1.2; }
svg .edge.critical { stroke: var(--critical); stroke-width: 3; }
@media print { .scroll { max-height: none; overflow: visible; } }
)css";

} // namespace

std::string_view html_style() noexcept {
  return style;
}

} // namespace troupe::report
