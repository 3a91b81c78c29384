import { Chart } from "./chart";
import { CurveChart } from "./curve";
import { DecisionLog } from "./decisions";
import { button, element, openOf } from "./dom";
import { span, zoneName, type Zone } from "./format";
import type { Figures, Page } from "./page";
import { onThemeChange } from "./theme";
import { Zoom, type Range } from "./zoom";

/** Longer than any number with its unit and time. */
const kLongestNumber = 24;
/** More lines are folded. */
const kShownLines = 3;

function listOf(lines: string[]): HTMLElement {
  return element("ul", {}, ...lines.map((line) => element("li", {}, line)));
}

function folded(lines: string[], name: string, open: Set<string>): HTMLElement {
  const details = element(
    "details",
    { "data-name": name },
    element("summary", {}, `${lines.length}, the first ${lines[0] ?? ""}`),
    listOf(lines),
  );
  details.open = open.has(name);
  return details;
}

function figure(text: string, name: string, open: Set<string>): HTMLElement {
  const lines = text.split("\n");
  if (lines.length > kShownLines)
    return element("td", { class: "sentence" }, folded(lines, name, open));
  if (lines.length > 1) return element("td", { class: "sentence" }, listOf(lines));
  return element("td", text.length > kLongestNumber ? { class: "sentence" } : {}, text);
}

function figuresTable(figures: Figures, open: Set<string>): HTMLElement {
  const head = element(
    "tr",
    {},
    ...figures.columns.map((one) => element("th", { scope: "col" }, one)),
  );
  const rows = figures.rows.map((row, at) =>
    element(
      "tr",
      row.part ? { class: "part" } : {},
      element("th", { scope: "row" }, row.label),
      ...row.values.map((value, column) => figure(value, `${at} ${column}`, open)),
    ),
  );
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

/** The whole page, kept in step with what it is given. */
export class View {
  private readonly shown = element("output", { class: "soft", "aria-live": "polite" });
  private readonly zoom = new Zoom(
    () => this.whole(),
    (range) => (this.shown.textContent = span(range, this.zone)),
  );
  private readonly figures = element("div", {
    class: "scroll",
    tabindex: "0",
    role: "region",
    "aria-label": "Figures",
  });
  private readonly charts = element("div");
  private readonly subtitle = element("p", { class: "soft" });
  private readonly log: DecisionLog;
  private readonly curve: CurveChart;
  private drawn: Chart[] = [];
  private zone: Zone = "UTC";

  constructor(
    place: HTMLElement,
    private page: Page,
    status: HTMLElement,
  ) {
    document.title = page.title;
    this.log = new DecisionLog(this.zone);
    this.curve = new CurveChart(page.curves);
    place.replaceChildren(
      element("header", {}, element("h1", {}, page.title), this.subtitle, status),
      this.figures,
      element("p", { class: "soft" }, page.note),
      this.toolbar(),
      this.charts,
      this.curve.place,
      this.log.place,
    );
    onThemeChange(() => this.redraw());
    this.update(page);
  }

  update(page: Page): void {
    this.page = page;
    this.subtitle.textContent = page.subtitle;
    this.figures.replaceChildren(figuresTable(page.figures, openOf(this.figures)));
    if (this.drawn.length === page.charts.length) {
      page.charts.forEach((data, index) => this.drawn[index]?.update(data));
    } else {
      this.rebuild();
    }
    this.curve.place.hidden = page.curves.length === 0;
    this.curve.update(page.curves);
    this.log.update(page.decisions, page.decisionsNote, this.zone);
    if (page.charts.length > 0) this.zoom.retell();
  }

  private rebuild(): void {
    for (const chart of this.drawn) chart.destroy();
    this.drawn = this.page.charts.map(
      (data) => new Chart(data, { zoom: this.zoom, zone: this.zone }),
    );
    this.charts.replaceChildren(...this.drawn.map((chart) => chart.place));
  }

  private redraw(): void {
    for (const chart of this.drawn) chart.draw();
    this.curve.draw();
  }

  private whole(): Range {
    const ranges = this.page.charts.map((chart) => {
      const length = Math.max(1, ...chart.series.map((one) => one.values.length));
      return { from: chart.from, to: chart.from + (length - 1) * chart.step };
    });
    return {
      from: Math.min(...ranges.map((one) => one.from)),
      to: Math.max(...ranges.map((one) => one.to)),
    };
  }

  private toolbar(): HTMLElement {
    const zone = element("button", { type: "button" });
    const name = () => {
      zone.textContent = `Times in ${zoneName(this.zone)}`;
      zone.title = "Change between UTC and local time";
    };
    zone.addEventListener("click", () => {
      this.zone = this.zone === "UTC" ? "local" : "UTC";
      name();
      this.rebuild();
      this.zoom.retell();
      this.log.update(this.page.decisions, this.page.decisionsNote, this.zone);
    });
    name();
    return element(
      "nav",
      { class: "tools", "aria-label": "Charts" },
      button("−", "Zoom out", () => this.zoom.scale(-1)),
      button("+", "Zoom in", () => this.zoom.scale(1)),
      button("◀", "Earlier", () => this.zoom.pan(-1)),
      button("▶", "Later", () => this.zoom.pan(1)),
      button("All", "Show everything", () => this.zoom.reset()),
      zone,
      this.shown,
      element("span", { class: "soft" }, "Drag over a chart to zoom in, double-click for all."),
    );
  }
}
