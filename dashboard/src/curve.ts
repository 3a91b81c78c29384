import uPlot from "uplot";

import { element } from "./dom";
import { percent } from "./format";
import { toggleByKeys } from "./legend";
import type { Curve } from "./page";
import { Theme } from "./theme";

const kHeight = 320;
const kFont = "12px system-ui, sans-serif";
/** Decades of the least shortfall there is, where there is none. */
const kUsualDecade = -5;
/** In pixels, of a decade with its label. */
const kDecadeSpace = 70;

/** Exactly the number that is written 1e<exponent>. */
function power(exponent: number): number {
  return Number(`1e${exponent}`);
}

/** Cost against shortfall, one line a policy. */
export class CurveChart {
  readonly place: HTMLElement;
  private readonly canvas = element("div", {
    class: "chart",
    tabindex: "0",
    role: "group",
    "aria-label": "Cost against shortfall. Arrow keys go from point to point.",
  });
  private readonly told = element("output", { class: "soft", "aria-live": "polite" });
  private plot: uPlot | null = null;
  /** Of the point that the keys stand at. */
  private at: number | null = null;
  private readonly widths = new ResizeObserver(() => this.fit());

  constructor(private curves: Curve[]) {
    this.place = element(
      "section",
      {},
      element("h2", {}, "Cost against shortfall"),
      element(
        "p",
        { class: "soft" },
        "Right is more viewers without a server, up is more replicas paid: the lower left is better. " +
          "No shortfall at all stands at the left edge, at 0.",
      ),
      this.canvas,
      this.told,
    );
    this.canvas.addEventListener("keydown", (event) => this.follow(event));
    this.widths.observe(this.canvas);
  }

  update(curves: Curve[]): void {
    if (JSON.stringify(curves) === JSON.stringify(this.curves)) return;
    this.curves = curves;
    this.draw();
  }

  /** Nothing while there is nothing to compare, as under a live run. */
  draw(): void {
    this.plot?.destroy();
    this.plot = null;
    this.at = null;
    this.told.textContent = "";
    if (this.curves.length === 0) return;
    this.plot = new uPlot(this.options(), this.columns(), this.canvas);
    toggleByKeys(this.plot);
  }

  private follow(event: KeyboardEvent): void {
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by === 0 || !this.plot || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [shortfalls] = this.plot.data;
    const last = shortfalls.length - 1;
    const next = this.at === null ? (by > 0 ? 0 : last) : this.at + by;
    this.at = Math.max(0, Math.min(last, next));
    const x = shortfalls[this.at]!;
    const costs = this.curves.flatMap((curve, index) => {
      const cost = this.plot?.data[index + 1]?.[this.at ?? 0];
      return cost === null || cost === undefined ? [] : [{ policy: curve.policy, cost }];
    });
    this.plot.setCursor({
      left: this.plot.valToPos(x, "x"),
      top: this.plot.valToPos(costs[0]?.cost ?? 1, "y"),
    });
    this.told.textContent =
      `At a shortfall of ${this.shown(x)}: ` +
      costs.map(({ policy, cost }) => `${policy} at a cost of ${cost.toFixed(3)}`).join(", ");
  }

  private shown(shortfall: number): string {
    return shortfall === this.zero() ? "0" : percent(shortfall);
  }

  private fit(): void {
    const width = Math.max(240, Math.floor(this.canvas.clientWidth));
    if (!this.plot) this.draw();
    else if (this.plot.width !== width) this.plot.setSize({ width, height: kHeight });
  }

  private shortfalls(): number[] {
    return this.curves.flatMap((curve) => curve.points.map((point) => point.shortfall));
  }

  /** The exponent of the decade left of every shortfall that there is. */
  private edge(): number {
    const least = Math.min(...this.shortfalls().filter((one) => one > 0));
    return Number.isFinite(least) ? Math.ceil(Math.log10(least)) - 1 : kUsualDecade;
  }

  /** Where zero stands: a logarithm knows none, so its place is the left edge, a decade apart. */
  private zero(): number {
    return power(this.edge() - 1);
  }

  /** Of several settings with one shortfall, as none at all, the cheapest counts. */
  private columns(): uPlot.AlignedData {
    const zero = this.zero();
    const tables = this.curves.map((curve): uPlot.AlignedData => {
      const cheapest = new Map<number, number>();
      for (const { shortfall, cost } of curve.points) {
        const x = shortfall > 0 ? shortfall : zero;
        cheapest.set(x, Math.min(cost, cheapest.get(x) ?? Infinity));
      }
      const points = [...cheapest].sort((a, b) => a[0] - b[0]);
      return [points.map((point) => point[0]), points.map((point) => point[1])];
    });
    return uPlot.join(tables);
  }

  /** From zero where a point stands there, else from the decade of the least shortfall. */
  private range(): [number, number] {
    const shortfalls = this.shortfalls();
    const left = shortfalls.some((one) => one <= 0) ? this.zero() : power(this.edge());
    return [left, Math.max(...shortfalls, 10 * power(this.edge())) * 1.5];
  }

  /** Zero and whole decades, as many as have room for their labels. */
  private ticks(width: number): number[] {
    const [left, right] = this.range();
    const first = this.edge();
    const last = Math.floor(Math.log10(right));
    const every = Math.max(1, Math.ceil(((last - first + 2) * kDecadeSpace) / width));
    const ticks = left === this.zero() ? [left] : [];
    for (let decade = first; decade <= last; decade += every) ticks.push(power(decade));
    return ticks;
  }

  private options(): uPlot.Options {
    const theme = new Theme();
    const axis = { stroke: theme.color("soft"), font: kFont, labelFont: kFont };
    const lines = { stroke: theme.color("rule"), width: 1 };
    const shown = (shortfall: number) => this.shown(shortfall);
    return {
      width: Math.max(240, Math.floor(this.canvas.clientWidth)),
      height: kHeight,
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: { time: false, distr: 3, range: () => this.range() },
        y: { range: (_, __, most) => [0.95, Math.max(1.1, most * 1.05)] },
      },
      series: [
        { label: "Shortfall", value: (_, value) => (value === null ? "" : shown(value)) },
        ...this.curves.map((curve, index): uPlot.Series => {
          const look = theme.look("other", index);
          return {
            label: curve.policy,
            stroke: look.color,
            width: look.width,
            ...(look.dash ? { dash: look.dash } : {}),
            spanGaps: true,
            points: { show: true, size: 7, stroke: look.color, fill: look.color },
            value: (_, value) => (value === null ? "" : value.toFixed(3)),
          };
        }),
      ],
      axes: [
        {
          ...axis,
          grid: lines,
          ticks: lines,
          label: "viewer-minutes without a server",
          labelSize: 18,
          splits: (plot) => this.ticks(plot.width),
          filter: (_, splits) => splits,
          values: (_, splits) => splits.map(shown),
        },
        {
          ...axis,
          grid: lines,
          ticks: lines,
          label: "cost, clairvoyant = 1",
          labelSize: 18,
          size: 56,
        },
      ],
    };
  }
}
