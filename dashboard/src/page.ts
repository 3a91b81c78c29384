/** What a page shows, as the program writes it: `apiVersion: edgetide.io/v1alpha1`, `kind: Page`. */
export interface Page {
  title: string;
  subtitle: string;
  /** Under the figures: how to read them. */
  note: string;
  /** A run that is still under way is asked for again; one that is over stays as it is. */
  state: "live" | "over";
  figures: Figures;
  charts: ChartData[];
  curves: Curve[];
  /** What the log holds, and what its lines open. */
  decisionsNote: string;
  /** Newest last. */
  decisions: Decision[];
}

export interface Figures {
  /** Over the columns; the first stands over the labels. */
  columns: string[];
  rows: FigureRow[];
}

export interface FigureRow {
  label: string;
  /** Several lines are a list. */
  values: string[];
  /** A part of the row above it. */
  part: boolean;
}

/** A chart over time: one value a step for each series, from `from` on. */
export interface ChartData {
  title: string;
  description: string;
  unit: string;
  /** Seconds since 1970. */
  from: number;
  /** Seconds from value to value. */
  step: number;
  series: SeriesData[];
  marks: Mark[];
  spans: Span[];
}

/** What a series is decides how it looks. */
export type Role =
  "demand" | "median" | "quantile" | "ready" | "starting" | "desired" | "floor" | "other";

export interface SeriesData {
  label: string;
  role: Role;
  /** What a value is multiplied with to be in the chart's unit. */
  factor: number;
  /** null where nothing is known. */
  values: Value[];
  /** In place of values that seldom change: [value, how many, value, how many, ...]. */
  runs?: Value[];
}

export type Value = number | null;

export interface Mark {
  at: number;
  text: string;
  /** Something failed or came back, rather than what was announced. */
  fault: boolean;
}

export interface Span {
  from: number;
  to: number;
  text: string;
}

/** What less shortfall costs under one policy. */
export interface Curve {
  policy: string;
  points: CurvePoint[];
}

export interface CurvePoint {
  setting: string;
  /** Share of viewer-minutes without a server. */
  shortfall: number;
  /** Against a clairvoyant fleet. */
  cost: number;
}

export interface Decision {
  at: number;
  /** Where the log is of several. */
  pool?: string;
  action: string;
  from: number;
  to: number;
  /** Failure domains that are not in these numbers, since they could not be read. */
  unread?: string[];
  summary: string;
  /** What opens below it; nothing opens where it is empty. */
  report: string;
}

/** The page with every series' values written out. */
export function readPage(json: string): Page {
  const page = JSON.parse(json) as Page;
  for (const chart of page.charts) {
    for (const series of chart.series) {
      if (series.runs) series.values = writtenOut(series.runs);
    }
  }
  return page;
}

function writtenOut(runs: Value[]): Value[] {
  const values: Value[] = [];
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const value = runs[i] ?? null;
    for (let left = runs[i + 1] ?? 0; left > 0; left -= 1) values.push(value);
  }
  return values;
}
