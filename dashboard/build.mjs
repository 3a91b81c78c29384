// Bundles the page's script and style sheet and writes them as a C++ source, so that the program
// carries them: node build.mjs OUT.cpp. Packages are taken from node_modules beside package.json,
// or below EDGETIDE_NODE_MODULES.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = process.env.EDGETIDE_NODE_MODULES ?? join(here, "node_modules");
const { build } = createRequire(join(modules, "."))("esbuild");

const out = process.argv[2];
if (!out) {
  console.error("usage: node build.mjs OUT.cpp");
  process.exit(2);
}

async function bundle(entry) {
  const made = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["es2022"],
    charset: "utf8",
    legalComments: "inline",
    nodePaths: [modules],
    logLevel: "warning",
  });
  return made.outputFiles[0].text.trim();
}

/** A raw string literal in pieces, since compilers bound the length of one. */
function literal(text) {
  const pieces = text.match(/[^]{1,8000}/g) ?? [""];
  return pieces.map((piece) => `R"bundle(${piece})bundle"`).join("\n    ");
}

const source = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const licence = readFileSync(join(modules, "uplot/LICENSE"), "utf8").trim();
const script = `/* uPlot: ${licence} */\n` + (await bundle("src/main.ts"));
const style = await bundle("src/style.css");
if (/<\/(script|style)/i.test(script + style)) throw new Error("the bundle would end its element");
writeFileSync(
  out,
  `// Written by dashboard/build.mjs.
#include "web/bundle.h"

namespace edgetide::web {

const std::string_view kScript =
    ${literal(script)};
const std::string_view kStyle =
    ${literal(style)};
const std::string_view kScriptSource = "${source(script)}";
const std::string_view kStyleSource = "${source(style)}";

}  // namespace edgetide::web
`,
);
