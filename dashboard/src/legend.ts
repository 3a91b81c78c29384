import type uPlot from "uplot";

/** Lets keys hide and show a chart's series, as a click on the legend does. */
export function toggleByKeys(plot: uPlot): void {
  const rows = [...plot.root.querySelectorAll<HTMLElement>(".u-legend .u-series")];
  rows.forEach((row, index) => {
    const toggle = row.querySelector<HTMLElement>("th");
    if (index === 0 || !toggle) return; // the axis, which cannot be hidden
    const tell = () => toggle.setAttribute("aria-pressed", String(plot.series[index]!.show));
    toggle.tabIndex = 0;
    toggle.setAttribute("role", "button");
    toggle.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle.click();
    });
    toggle.addEventListener("click", tell);
    tell();
  });
}
