// The finished bundle must hold no trace of the in-memory host, no inline script and no address to fetch from.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const dist = new URL("../dist/", import.meta.url).pathname;
const files = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });

const faults = [];
const all = files(dist);
for (const path of all.filter((p) => /\.(js|html|css)$/.test(p))) {
  const text = readFileSync(path, "utf8");
  if (text.includes("confidant-in-memory-host")) faults.push(`${path}: holds the in-memory host`);
  if (path.endsWith(".html") && /<script(?![^>]*\bsrc=)/.test(text)) faults.push(`${path}: inline script`);
  if (path.endsWith(".html") && /\sstyle="/.test(text)) faults.push(`${path}: inline style`);
  if (path.endsWith(".css") && /url\(\s*["']?(https?:|data:)/.test(text))
    faults.push(`${path}: address outside the bundle`);
}
if (!all.some((p) => p.endsWith("index.html"))) faults.push("dist/index.html is missing");
if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log(`dist: ${all.length} files, clean`);
