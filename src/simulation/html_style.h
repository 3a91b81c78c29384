#pragma once

namespace edgetide::simulation {

/// The report's style sheet. Colours are Okabe and Ito's; what they tell apart, dashes do too.
inline constexpr const char* kReportStyle = R"css(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --rule: #d0d7de; --page: #fff;
  --demand: #8c959f; --forecast: #e69f00; --ready: #0072b2; --desired: #56b4e9; --bad: #d55e00;
  --zone2: #009e73; --zone3: #cc79a7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af; --rule: #3d444d;
  --page: #0d1117; --demand: #8b949e; --ready: #4aa8e0; --desired: #9ad1f5; --bad: #ff7b39; } }
body { margin: 0 auto; max-width: 66rem; padding: 1.5rem; background: var(--page);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
p { margin: .3rem 0 .8rem; } .soft { color: var(--soft); }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
.grid { stroke: var(--rule); stroke-width: 1; } .tick { fill: var(--soft); }
path { fill: none; stroke-width: 2; stroke-linejoin: round; }
.demand-area { fill: var(--demand); fill-opacity: .28; stroke: none; }
.demand { stroke: var(--demand); stroke-width: 1.5; }
.forecast-area { fill: var(--forecast); fill-opacity: .35; stroke: none; }
.forecast { stroke: var(--forecast); stroke-width: 1.2; stroke-dasharray: 2 2; }
.ready { stroke: var(--ready); stroke-width: 2.4; }
.desired { stroke: var(--desired); stroke-width: 1.4; stroke-dasharray: 6 3; }
.short-area { fill: var(--bad); fill-opacity: .85; stroke: none; }
.lost { fill: var(--bad); fill-opacity: .12; }
.zone1 { stroke: var(--ready); } .zone2 { stroke: var(--zone2); stroke-dasharray: 7 3; }
.zone3 { stroke: var(--zone3); stroke-dasharray: 2 2; }
.mark { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 1 3; }
.label { fill: var(--soft); } .loss.mark { stroke: var(--bad); } .loss.label { fill: var(--bad); }
ul.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .2rem 0 0;
  padding: 0; color: var(--soft); font-size: .85rem; }
ul.legend svg { display: inline-block; width: 26px; height: 10px; margin-right: .4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; min-width: 60%; }
th, td { padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--rule); text-align: left;
  vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; } .part { padding-left: 1.2rem; }
tbody th { font-weight: normal; }
details pre { overflow-x: auto; font-size: .8rem; } summary { cursor: pointer; }
.decisions { width: 100%; font-size: .88rem; }
@media print { details { display: none; } }
)css";

}  // namespace edgetide::simulation
