/** Times and numbers as people read them, the same on every machine. */

export type Zone = "UTC" | "local";

const kGrouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const kShort = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 2 });

export function grouped(value: number): string {
  return kGrouped.format(value);
}

/** For axes: 250K, 1.5M. */
export function short(value: number): string {
  return kShort.format(value);
}

export function percent(share: number): string {
  return `${(100 * share).toPrecision(3).replace(/\.?0+$/, "")} %`;
}

export function zoneName(zone: Zone): string {
  return zone === "UTC" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** "2026-12-05 20:15:30 UTC" */
export function moment(seconds: number, zone: Zone): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zoneName(zone),
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(new Date(seconds * 1000));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return (
    `${part("year")}-${part("month")}-${part("day")} ` +
    `${part("hour")}:${part("minute")}:${part("second")} ${zoneName(zone)}`
  );
}

/** "2026-12-05 20:15:30 to 21:00:00 UTC"; the day again where it is another. */
export function span(range: { from: number; to: number }, zone: Zone): string {
  const [from, to] = [moment(range.from, zone), moment(range.to, zone)];
  const sameDay = from.slice(0, 10) === to.slice(0, 10);
  return `${from.slice(0, 19)} to ${sameDay ? to.slice(11) : to}`;
}
