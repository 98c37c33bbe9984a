// Bundles the entry points: node bundle.mjs OUTPUT_FOLDER ENTRY… Called by tools/assets.py.
import { build } from "esbuild";

const [outdir, ...entryPoints] = process.argv.slice(2);
const asFile = [".woff", ".woff2", ".svg", ".png", ".jpg", ".mp3", ".ogg", ".wav"];

try {
  await build({
    entryPoints,
    outdir,
    bundle: true,
    minify: true,
    format: "esm", // pages load them with type="module"; import() splits off what only some pages need
    splitting: true,
    chunkNames: "parts/[name]-[hash]",
    target: ["es2022"],
    charset: "utf8",
    legalComments: "eof",
    loader: Object.fromEntries(asFile.map((suffix) => [suffix, "file"])),
    assetNames: "files/[name]-[hash]",
    logLevel: "warning",
  });
} catch {
  process.exit(1); // esbuild has printed what is wrong, and where
}
