import type uPlot from "uplot";

/** What is shown of the time axis, one for all charts of the page. */
export interface Range {
  from: number;
  to: number;
}

const kPanned = 0.2;
const kZoomed = 2;
const kLeastSeconds = 60;

/** Keeps the time axes of all charts in step: zooming one zooms all. */
export class Zoom {
  private readonly charts = new Set<uPlot>();
  private shown: Range | null = null;
  private applying = false;

  /**
   * @param whole what there is to see, which grows while a run is under way
   * @param told hears what is shown, whenever that changes
   */
  constructor(
    private readonly whole: () => Range,
    private readonly told: (shown: Range) => void,
  ) {}

  add(chart: uPlot): void {
    this.charts.add(chart);
    this.apply(chart, this.shown ?? this.whole());
  }

  remove(chart: uPlot): void {
    this.charts.delete(chart);
  }

  /** Told by a chart whose axis the reader has dragged over. */
  noticed(from: number, to: number): void {
    if (this.applying) return;
    const whole = this.whole();
    const all = from <= whole.from && to >= whole.to;
    this.show(all ? null : { from, to });
  }

  /** Null shows everything, also of what is still to come. */
  show(range: Range | null): void {
    this.shown = range;
    const shown = range ?? this.whole();
    for (const chart of this.charts) this.apply(chart, shown);
    this.told(shown);
  }

  /** Says again what is shown, as after a change of the time zone or with more to see. */
  retell(): void {
    this.told(this.shown ?? this.whole());
  }

  pan(direction: -1 | 1): void {
    const { from, to } = this.shown ?? this.whole();
    const whole = this.whole();
    const by = direction * (to - from) * kPanned;
    const kept = Math.max(whole.from - from, Math.min(by, whole.to - to));
    this.show({ from: from + kept, to: to + kept });
  }

  scale(direction: -1 | 1): void {
    const { from, to } = this.shown ?? this.whole();
    const whole = this.whole();
    const middle = (from + to) / 2;
    const half = Math.max(kLeastSeconds, (to - from) / 2) * (direction > 0 ? 1 / kZoomed : kZoomed);
    this.noticed(Math.max(whole.from, middle - half), Math.min(whole.to, middle + half));
  }

  reset(): void {
    this.show(null);
  }

  private apply(chart: uPlot, range: Range): void {
    this.applying = true;
    chart.setScale("x", { min: range.from, max: range.to });
    this.applying = false;
  }
}

/** Arrow keys pan, plus and minus zoom, 0 and Escape show everything. */
export function zoomByKeys(target: HTMLElement, zoom: Zoom): void {
  const acts: Record<string, () => void> = {
    ArrowLeft: () => zoom.pan(-1),
    ArrowRight: () => zoom.pan(1),
    "+": () => zoom.scale(1),
    "=": () => zoom.scale(1),
    "-": () => zoom.scale(-1),
    "0": () => zoom.reset(),
    Escape: () => zoom.reset(),
  };
  target.addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
