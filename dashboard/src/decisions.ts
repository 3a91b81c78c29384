import { button, element, openOf } from "./dom";
import { moment, type Zone } from "./format";
import type { Decision } from "./page";

const kShownAtOnce = 200;

/** What tells a decision from the others of the log. */
function nameOf(one: Decision): string {
  return `${one.pool ?? ""} ${one.at}`;
}

/** The decisions that changed the fleet, newest first; those with a report open it. */
export class DecisionLog {
  readonly place: HTMLElement;
  private readonly count = element("p", { class: "soft", "aria-live": "polite" });
  private readonly list = element("ol", { class: "decisions" });
  private readonly search = element("input", {
    type: "search",
    placeholder: "Filter by any word",
    "aria-label": "Filter decisions by any word of their summary or report",
  });
  private decisions: Decision[] = [];
  private note = "";
  private most = kShownAtOnce;

  constructor(private zone: Zone) {
    this.place = element(
      "section",
      {},
      element("h2", {}, "Decisions"),
      this.count,
      this.search,
      this.list,
    );
    this.search.addEventListener("input", () => this.show());
  }

  update(decisions: Decision[], note: string, zone: Zone): void {
    const same = decisions.length === this.decisions.length && note === this.note;
    if (same && zone === this.zone) return;
    this.decisions = decisions;
    this.note = note;
    this.zone = zone;
    this.show();
  }

  private wanted(): Decision[] {
    const word = this.search.value.trim().toLowerCase();
    const all = this.decisions.slice().reverse();
    if (!word) return all;
    return all.filter((one) =>
      `${one.pool ?? ""} ${one.action} ${one.summary} ${one.report}`.toLowerCase().includes(word),
    );
  }

  private show(): void {
    const open = openOf(this.list);
    const wanted = this.wanted();
    this.count.textContent =
      `${this.decisions.length} changed the fleet` +
      (wanted.length < this.decisions.length ? `, ${wanted.length} match` : "") +
      (this.note ? `. ${this.note}` : ".");
    this.list.replaceChildren(
      ...wanted.slice(0, this.most).map((one) => this.entry(one, open.has(nameOf(one)))),
    );
    if (wanted.length > this.most) {
      const left = wanted.length - this.most;
      const more = button(
        `Show ${Math.min(left, kShownAtOnce)} more of ${left}`,
        "Show more decisions",
        () => {
          this.most += kShownAtOnce;
          this.show();
        },
      );
      this.list.append(element("li", {}, more));
    }
  }

  private entry(one: Decision, open: boolean): HTMLLIElement {
    const pool = one.pool ? `${one.pool} ` : "";
    const unread = (one.unread ?? []).map((name) => `, ${name} ?`).join("");
    const line = [
      element(
        "time",
        { datetime: new Date(one.at * 1000).toISOString() },
        moment(one.at, this.zone),
      ),
      element("b", {}, `${pool}${one.action} ${one.from} → ${one.to}${unread}`),
      element("span", {}, one.summary),
    ];
    if (!one.report) return element("li", { class: "line" }, ...line);
    const details = element(
      "details",
      { "data-name": nameOf(one) },
      element("summary", {}, ...line),
      element("pre", { tabindex: "0" }, one.report),
    );
    details.open = open;
    return element("li", {}, details);
  }
}
