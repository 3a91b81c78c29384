import uPlot from "uplot";

import { element } from "./dom";
import { grouped, short, span, zoneName, type Zone } from "./format";
import { toggleByKeys } from "./legend";
import type { ChartData, SeriesData } from "./page";
import { Theme } from "./theme";
import { zoomByKeys, type Zoom } from "./zoom";

const kHeight = 300;
const kFont = "12px system-ui, sans-serif";

function columns(data: ChartData): uPlot.AlignedData {
  const length = data.series.reduce((most, one) => Math.max(most, one.values.length), 0);
  const times = Array.from({ length }, (_, i) => data.from + i * data.step);
  const values = data.series.map((one) =>
    Array.from({ length }, (_, i) => {
      const value = one.values[i];
      return value === null || value === undefined ? null : value * one.factor;
    }),
  );
  return [times, ...values];
}

function seriesOptions(one: SeriesData, index: number, theme: Theme): uPlot.Series {
  const look = theme.look(one.role, index);
  return {
    label: one.label,
    stroke: look.color,
    width: look.width,
    ...(look.dash ? { dash: look.dash } : {}),
    ...(look.fill ? { fill: look.fill } : {}),
    ...(look.stepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
    points: { show: false },
    value: (_, value, __, index) =>
      index === null ? "–" : value === null ? "not known" : grouped(value),
  };
}

/** The forecast's band, and viewers above what Ready replicas carry. */
function bands(data: ChartData, theme: Theme): uPlot.Band[] {
  const at = (role: string) => data.series.findIndex((one) => one.role === role) + 1;
  const between = (upper: number, lower: number, fill: string): uPlot.Band[] =>
    upper > 0 && lower > 0 ? [{ series: [upper, lower], fill }] : [];
  return [
    ...between(at("quantile"), at("median"), theme.color("forecast-area")),
    ...between(at("demand"), at("ready"), theme.color("bad-area")),
  ];
}

/** Shades spans behind the series and labels marks above them, rows of labels apart: of the data as
 * they are when it is drawn. */
function annotations(data: () => ChartData, theme: Theme): uPlot.Plugin {
  const pixels = devicePixelRatio;
  const shade = (chart: uPlot) => {
    const { ctx, bbox } = chart;
    for (const span of data().spans) {
      const left = Math.max(bbox.left, chart.valToPos(span.from, "x", true));
      const right = Math.min(bbox.left + bbox.width, chart.valToPos(span.to, "x", true));
      if (right <= left) continue;
      ctx.fillStyle = theme.color("lost-area");
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
  };
  const label = (chart: uPlot) => {
    const { ctx, bbox } = chart;
    const ends: number[] = [];
    ctx.save();
    ctx.font = `${11 * pixels}px system-ui, sans-serif`;
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    for (const mark of data().marks) {
      const x = chart.valToPos(mark.at, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      const width = ctx.measureText(mark.text).width + 8 * pixels;
      const left = Math.min(x + 3 * pixels, bbox.left + bbox.width - width);
      const free = ends.findIndex((end) => end <= left);
      const row = free < 0 ? ends.length : free;
      ends[row] = left + width;
      ctx.strokeStyle = ctx.fillStyle = theme.color(mark.fault ? "bad" : "soft");
      ctx.setLineDash([pixels, 3 * pixels]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      if (row < 5) ctx.fillText(mark.text, left, bbox.top + (2 + row * 14) * pixels);
    }
    ctx.restore();
  };
  return { hooks: { drawClear: shade, draw: label } };
}

export interface ChartContext {
  zoom: Zoom;
  zone: Zone;
}

/** One chart with its heading and legend, as wide as its place. */
export class Chart {
  readonly place: HTMLElement;
  private readonly canvas: HTMLElement;
  private plot: uPlot | null = null;
  private readonly widths = new ResizeObserver(() => this.fit());

  constructor(
    private data: ChartData,
    private readonly context: ChartContext,
  ) {
    this.canvas = element("div", {
      class: "chart",
      tabindex: "0",
      role: "group",
      "aria-label": `${data.title}. Arrow keys pan, plus and minus zoom, 0 shows everything.`,
    });
    this.place = element(
      "section",
      {},
      element("h2", {}, data.title),
      element("p", { class: "soft" }, data.description),
      this.canvas,
    );
    zoomByKeys(this.canvas, context.zoom);
    this.widths.observe(this.canvas);
  }

  /** New values of the same chart; what is zoomed into stays. */
  update(data: ChartData): void {
    const redraw = data.series.length !== this.data.series.length;
    this.data = data;
    if (redraw) this.draw();
    else if (this.plot) {
      this.plot.setData(columns(data), false);
      this.context.zoom.add(this.plot);
    }
  }

  /** Draws anew, as after a change of colours. */
  draw(): void {
    this.forget();
    const { zoom } = this.context;
    this.plot = new uPlot(this.options(), columns(this.data), this.canvas);
    this.plot.over.addEventListener("dblclick", () => zoom.reset());
    toggleByKeys(this.plot);
    zoom.add(this.plot);
  }

  destroy(): void {
    this.widths.disconnect();
    this.forget();
    this.place.remove();
  }

  private forget(): void {
    if (!this.plot) return;
    this.context.zoom.remove(this.plot);
    this.plot.destroy();
    this.plot = null;
  }

  private width(): number {
    return Math.max(240, Math.floor(this.canvas.clientWidth));
  }

  private fit(): void {
    if (!this.plot) this.draw();
    else if (this.plot.width !== this.width())
      this.plot.setSize({ width: this.width(), height: kHeight });
  }

  private options(): uPlot.Options {
    const theme = new Theme();
    const { zone, zoom } = this.context;
    const axis = { stroke: theme.color("soft"), font: kFont, labelFont: kFont };
    const lines = { stroke: theme.color("rule"), width: 1 };
    return {
      width: this.width(),
      height: kHeight,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zoneName(zone)),
      cursor: { sync: { key: "edgetide" }, drag: { x: true, y: false } },
      scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] } },
      series: [
        { label: `Time (${zoneName(zone)})`, value: "{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}" },
        ...this.data.series.map((one, index) => seriesOptions(one, index, theme)),
      ],
      bands: bands(this.data, theme),
      axes: [
        {
          ...axis,
          grid: lines,
          ticks: lines,
          label: zoneName(zone),
          labelSize: 18,
          values: kClock,
        },
        {
          ...axis,
          grid: lines,
          ticks: lines,
          label: this.data.unit,
          labelSize: 18,
          size: 56,
          values: (_, splits) => splits.map(short),
        },
      ],
      hooks: {
        setScale: [
          (plot, key) => {
            const { min, max } = plot.scales["x"]!;
            if (key !== "x" || min == null || max == null) return;
            this.canvas.setAttribute("aria-description", span({ from: min, to: max }, zone));
            zoom.noticed(min, max);
          },
        ],
      },
      plugins: [annotations(() => this.data, theme)],
    };
  }
}

/** Labels of the time axis by the distance of its marks: 24 hours, day and month where they begin. */
const kClock: uPlot.Axis.Values = [
  [3600 * 24 * 28, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [3600 * 24, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [3600, "{HH}:{mm}", null, null, "\n{D} {MMM}", null, null, null, 1],
  [60, "{HH}:{mm}", null, null, "\n{D} {MMM}", null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", null, null, "\n{D} {MMM}", null, null, null, 1],
];
