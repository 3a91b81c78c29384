import { element } from "./dom";
import { follow } from "./live";
import { readPage } from "./page";
import { View } from "./view";

function start(): void {
  const page = readPage(document.getElementById("page")?.textContent ?? "");
  const status = element("p", { class: "status", role: "status" });
  const view = new View(document.getElementById("view") ?? document.body, page, status);
  const say = (text: string, state: string) => {
    status.textContent = text;
    document.documentElement.dataset["state"] = state;
  };
  if (page.state === "over") {
    say("", "over");
    return;
  }
  say("Under way.", "live");
  follow(
    (next) => {
      view.update(next);
      if (next.state === "over") say("The run is over.", "over");
      else say("Under way.", "live");
    },
    (since) =>
      say(
        `No answer since ${since.toLocaleTimeString("en-GB")}: what is shown is old.`,
        "disconnected",
      ),
  );
}

start();
