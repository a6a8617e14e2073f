// SPDX-License-Identifier: GPL-2.0-or-later
// Bundles the map and writes it as C++ for the server: node build.mjs OUTPUT.cpp
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

const here = path.dirname(fileURLToPath(import.meta.url));
const result = await build({
  entryPoints: { map: path.join(here, "src/main.ts") },
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020"],
  outdir: "/out",
  write: false,
  legalComments: "none",
  logLevel: "warning",
});

const types = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };
const files = result.outputFiles.map((file) => {
  const ending = path.extname(file.path);
  const hash = createHash("sha256").update(file.contents).digest("hex").slice(0, 16);
  return { name: `${path.basename(file.path, ending)}-${hash}${ending}`, type: types[ending], bytes: file.contents };
});

let text = "// Written by services/web/build.mjs.\n#include <services/web/assets.hpp>\n\nnamespace stadtgdi::web {\n\nnamespace {\n\n";
files.forEach((file, i) => {
  text += `constexpr unsigned char bytes_${i}[] = {`;
  file.bytes.forEach((byte, at) => { text += (at % 40 === 0 ? "\n" : "") + byte + ","; });
  text += "};\n\n";
});
text += "const Asset assets[] = {\n";
files.forEach((file, i) => { text += `    {"${file.name}", "${file.type}", bytes_${i}, sizeof bytes_${i}},\n`; });
text += "};\n\n}  // namespace\n\nstd::span<const Asset> all_assets() { return assets; }\n\n}  // namespace stadtgdi::web\n";
writeFileSync(process.argv[2], text);
console.log(files.map((file) => `${file.name} ${file.bytes.length} bytes`).join("\n"));
