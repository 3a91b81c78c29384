import uPlot from "uplot";

import { element } from "./dom";
import { percent } from "./format";
import type { Curve } from "./page";
import { Theme } from "./theme";

const kHeight = 320;
const kFont = "12px system-ui, sans-serif";
/** No shortfall at all is drawn here, left of the least that was: a logarithm knows no zero. */
const kBelowLeast = 0.5;

/** Cost against shortfall, one line a policy. */
export class CurveChart {
  readonly place: HTMLElement;
  private readonly canvas = element("div", { class: "chart" });
  private plot: uPlot | null = null;
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
          "Policies without any shortfall stand at the left edge.",
      ),
      this.canvas,
    );
    this.widths.observe(this.canvas);
  }

  update(curves: Curve[]): void {
    if (JSON.stringify(curves) === JSON.stringify(this.curves)) return;
    this.curves = curves;
    this.draw();
  }

  draw(): void {
    this.plot?.destroy();
    this.plot = new uPlot(this.options(), this.columns(), this.canvas);
  }

  private fit(): void {
    const width = Math.max(240, Math.floor(this.canvas.clientWidth));
    if (!this.plot) this.draw();
    else if (this.plot.width !== width) this.plot.setSize({ width, height: kHeight });
  }

  /** Where a point stands; of no shortfall, half of the least there is. */
  private x(shortfall: number): number {
    if (shortfall > 0) return shortfall;
    const all = this.curves.flatMap((curve) => curve.points.map((point) => point.shortfall));
    const least = Math.min(...all.filter((one) => one > 0));
    return Number.isFinite(least) ? least * kBelowLeast : 1e-6;
  }

  private columns(): uPlot.AlignedData {
    const tables = this.curves.map((curve): uPlot.AlignedData => {
      const points = curve.points
        .map((point) => [this.x(point.shortfall), point.cost] as const)
        .sort((a, b) => a[0] - b[0]);
      return [points.map((point) => point[0]), points.map((point) => point[1])];
    });
    return uPlot.join(tables);
  }

  private options(): uPlot.Options {
    const theme = new Theme();
    const axis = { stroke: theme.color("soft"), font: kFont, labelFont: kFont };
    const lines = { stroke: theme.color("rule"), width: 1 };
    return {
      width: Math.max(240, Math.floor(this.canvas.clientWidth)),
      height: kHeight,
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: { time: false, distr: 3, range: (_, least, most) => [least / 1.5, most * 1.5] },
        y: { range: (_, __, most) => [0.95, Math.max(1.1, most * 1.05)] },
      },
      series: [
        { label: "Shortfall", value: (_, value) => (value === null ? "" : percent(value)) },
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
          values: (_, splits) =>
            splits.map((one) => (Math.log10(one) % 1 === 0 ? percent(one) : "")),
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
