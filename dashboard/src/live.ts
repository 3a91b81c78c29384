import { readPage, type Page } from "./page";

const kEvery = 1000;
const kLongestWait = 15_000;

/** Asks for the page again and again while its run is under way; says when an answer fails. */
export function follow(show: (page: Page) => void, disconnected: (since: Date) => void): void {
  let wait = kEvery;
  let answered = new Date();
  const ask = async () => {
    try {
      const answer = await fetch("page.json", {
        cache: "no-store",
        signal: AbortSignal.timeout(5000),
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const page = readPage(await answer.text());
      wait = kEvery;
      answered = new Date();
      show(page);
      if (page.state === "over") return;
    } catch {
      wait = Math.min(2 * wait, kLongestWait);
      disconnected(answered);
    }
    setTimeout(ask, wait);
  };
  setTimeout(ask, 0);
}
