// build.mjs — bundles src/ into dist/page.html, one file without any outside reference, and writes dist/NOTICE.
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";

const MARK = "const DATA = /*VERBATIM_DATA*/null;";
const here = (path) => new URL(path, import.meta.url);

async function bundle(entry) {
    const result = await build({
        entryPoints: [here(entry).pathname],
        bundle: true,
        minify: true,
        write: false,
        metafile: true,
        format: "iife",
        target: "es2021",
        charset: "utf8",
        legalComments: "none",
    });
    return {
        text: result.outputFiles[0].text.trim(),
        inputs: Object.entries(Object.values(result.metafile.outputs)[0].inputs)
            .filter(([, part]) => part.bytesInOutput > 0)
            .map(([path]) => path),
    };
}

// The licences of the libraries that ended up in the bundle, and of no others.
async function notice(inputs) {
    const names = [...new Set(inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean))].sort();
    const parts = await Promise.all(
        names.map(async (name) => {
            const { version, license } = JSON.parse(await readFile(here(`node_modules/${name}/package.json`), "utf8"));
            return `${name} ${version} (${license})\n\n${(await readFile(here(`node_modules/${name}/LICENSE`), "utf8")).trim()}\n`;
        }),
    );
    return "page.html holds parts of these libraries.\n\n" + parts.join("\n----\n\n");
}

const script = await bundle("src/main.js");
const style = await bundle("src/style.css");
const licences = await notice(script.inputs);
if (licences.includes("--" + ">")) throw new Error("a licence would end the comment it is written into");

// Replacement by function: "$&" in the bundle must stay as it is.
const page = (await readFile(here("src/page.html"), "utf8"))
    .replace("/*STYLE*/", () => style.text)
    .replace("/*SCRIPT*/", () => script.text)
    .replace("NOTICE", () => licences.replaceAll("----", "* * *"));
if (page.split(MARK).length !== 2) throw new Error(`page.html must hold exactly one ${MARK}`);
if (/(?:src|href)\s*=\s*["']?(?:https?:)?\/\//.test(page) || /url\(|@import/.test(style.text))
    throw new Error("page.html refers to the outside");

await mkdir(here("dist/"), { recursive: true });
await writeFile(here("dist/page.html"), page);
await writeFile(here("dist/NOTICE"), licences);
console.log(
    `dist/page.html: ${Buffer.byteLength(page)} bytes, script ${Buffer.byteLength(script.text)}, style ${Buffer.byteLength(style.text)}`,
);
