import type { Role } from "./page";

/** How a series is drawn. */
export interface Look {
  color: string;
  width: number;
  dash?: number[];
  /** Of the area down to zero. */
  fill?: string;
  /** Each value holds until the next. */
  stepped: boolean;
}

/** The colours of the style sheet, in the light or dark that is on. */
export class Theme {
  private readonly style = getComputedStyle(document.documentElement);

  color(name: string): string {
    return this.style.getPropertyValue(`--${name}`).trim();
  }

  /** Looks of `other` series go round, so that neighbours differ in colour and in dashes. */
  look(role: Role, index: number): Look {
    switch (role) {
      case "demand":
        return {
          color: this.color("demand"),
          width: 1.5,
          fill: this.color("demand-area"),
          stepped: false,
        };
      case "median":
        return { color: this.color("forecast"), width: 0, stepped: false };
      case "quantile":
        return { color: this.color("forecast"), width: 1.2, dash: [2, 2], stepped: false };
      case "ready":
        return { color: this.color("ready"), width: 2, stepped: true };
      case "starting":
        return { color: this.color("starting"), width: 1.4, dash: [2, 3], stepped: true };
      case "desired":
        return { color: this.color("desired"), width: 1.4, dash: [6, 3], stepped: true };
      case "floor":
        return { color: this.color("bad"), width: 1.4, dash: [8, 3, 2, 3], stepped: true };
      case "other":
        return {
          ...(kCycle[index % kCycle.length] ?? kCycle[0]!),
          color: this.cycled(index),
          stepped: true,
        };
    }
  }

  private cycled(index: number): string {
    return this.color(`cycle${(index % kCycle.length) + 1}`);
  }
}

const kCycle: { width: number; dash?: number[] }[] = [
  { width: 2 },
  { width: 1.6, dash: [7, 3] },
  { width: 1.6, dash: [2, 2] },
  { width: 1.6, dash: [8, 3, 2, 3] },
  { width: 1.6, dash: [12, 3] },
];

/** Calls back when the reader changes between dark and light. */
export function onThemeChange(act: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", act);
}
