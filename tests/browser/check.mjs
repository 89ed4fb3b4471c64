// The report in a real browser: node check.mjs NAME=FOLDER … (folders of finished reports, the Chinese one first, and of
// reviews).
//
// Each kind of page is opened from its file, at phone and desk width, in light and dark: no console message, no request,
// nothing refused by its own policy, no sideways scrolling, no label over another, nothing serious for axe. Then what the
// script does, what is there without it, and what comes out of a printer. Ends with "N passed, N failed".
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import * as inPage from "./in_page.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const WIDTHS = [360, 1440];
/** Between the margins of A4; what is wider is printed smaller as a whole. */
const SHEET = 703;

let passed = 0;
const failed = [];

/** Runs one check; a thrown error is its failure. */
async function check(name, run) {
  try {
    await run();
    passed += 1;
  } catch (error) {
    failed.push(name);
    console.log(`FAILED ${name}\n    ${String(error.message).split("\n").slice(0, 12).join("\n    ")}`);
  }
}

function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a}, expected ${b}`);
}

function holds(condition, what) {
  if (!condition) throw new Error(what);
}

/** One page of each kind: all at the root, the longest of each folder. */
function kinds(folder) {
  const html = (dir) => readdirSync(join(folder, dir)).filter((f) => f.endsWith(".html")).sort();
  const folders = ["shops", "teams", "people", "rules", "figures"].filter((dir) => existsSync(join(folder, dir)));
  const size = (file) => statSync(join(folder, file)).size;
  const longest = (dir) => html(dir).map((file) => `${dir}/${file}`).sort((a, b) => size(b) - size(a)).slice(0, 1);
  return [...html("."), ...folders.flatMap(longest)];
}

/** A page that notes everything it should not do. */
async function open(context, url) {
  const page = await context.newPage();
  const faults = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && faults.push(`console: ${m.text()}`));
  page.on("pageerror", (e) => faults.push(`error: ${e.message}`));
  page.on("request", (r) => r.url() === url || faults.push(`request: ${r.url()}`));
  await page.goto(url);
  return { page, faults };
}

async function looks(browser, lang, folder, colorScheme, first) {
  const context = await browser.newContext({ colorScheme });
  // axe has to be brought in past the page's policy, so it gets a context of its own.
  const unguarded = await browser.newContext({ colorScheme, bypassCSP: true });
  for (const file of kinds(folder)) {
    const name = `${lang} ${colorScheme} ${file}`;
    const url = pathToFileURL(join(folder, file)).href;
    const { page, faults } = await open(context, url);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await check(`${name} ${width} px: no sideways scrolling`, async () => {
        equal(await page.evaluate(inPage.sideways), [], "wider than the window");
      });
      await check(`${name} ${width} px: labels of charts apart and inside`, async () => {
        equal(await page.evaluate(inPage.labels), [], "labels");
      });
    }
    await check(`${name}: silent, alone, by its own policy`, async () => equal(faults, [], "noted"));
    await page.close();
    // The same structure and colours in each language: both looks in the first, one in the others.
    for (const width of colorScheme === "light" ? [1440] : first ? [360] : []) {
      await check(`${name} ${width} px: nothing serious for axe`, async () => {
        const page = await unguarded.newPage();
        await page.setViewportSize({ width, height: 900 });
        await page.goto(url);
        await page.addScriptTag({ path: AXE });
        equal(await page.evaluate(inPage.axe), [], "axe");
        await page.close();
      });
    }
  }
  await context.close();
  await unguarded.close();
}

/** Checks the order of a table by a column before and after each press of its head. */
async function sorts(page, table, column, read, press) {
  const shown = () => page.evaluate(inPage.column, [table, column]);
  const state = () => page.evaluate(inPage.sortState, [table, column]);
  const delivered = await shown();
  const known = delivered.filter((text) => read(text) !== null);
  const unknown = delivered.filter((text) => read(text) === null);
  holds(new Set(known).size > 2, `${table} ${column} has too few values to tell an order: ${delivered}`);
  const ascending = (await press(), await shown());
  equal(await state(), "ascending", "aria-sort");
  const descending = (await press(), await shown());
  equal(await state(), "descending", "aria-sort");
  const again = (await press(), await shown());
  equal(await state(), null, "aria-sort");
  equal(again, delivered, "as delivered");
  for (const [order, way] of [[ascending, 1], [descending, -1]]) {
    equal([...order].sort(), [...delivered].sort(), "the same rows");
    const [values, rest] = [order.slice(0, known.length).map(read), order.slice(known.length)];
    equal(rest, unknown, "nothing stands last");
    const wrong = values.findIndex((v, i) => i > 0 && way * sign(values[i - 1], v) > 0);
    equal(wrong, -1, `${way > 0 ? "ascending" : "descending"} ${order}`);
  }
}

/** Below, equal or above; capitals do not count. */
function sign(a, b) {
  const [x, y] = typeof a === "string" ? [a.toLowerCase(), b.toLowerCase()] : [a, b];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** 1小时2分3.4秒 as seconds, 1,234.5 as a number; null where there is nothing. */
function figure(text) {
  const digits = text.replace(/^[^\d−–]+/, "");
  if (digits === "–" || digits === "") return null;
  const units = { 毫秒: 0.001, 秒: 1, 分: 60, 小时: 3600, 天: 86400 };
  const parts = [...digits.matchAll(/([\d.]+)(毫秒|秒|分|小时|天)/g)];
  if (parts.length) return parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit], 0);
  const number = Number(digits.replace("−", "-").replace(/[,%¥]/g, ""));
  if (Number.isNaN(number)) throw new Error(`not a figure: ${text}`);
  return number;
}

async function tools(browser, folder) {
  const context = await browser.newContext();
  context.setDefaultTimeout(10_000);
  const url = (file) => pathToFileURL(join(folder, file)).href;
  const { page, faults } = await open(context, url("index.html"));
  const head = (table, column) => page.locator(`${table} thead th:nth-child(${column}) button`);
  const columns = await page.evaluate(inPage.heads, "#ranking-table");
  for (let column = 3; column <= columns.length; column += 1) {
    await check(`sorting by ${columns[column - 1]}`, () =>
      sorts(page, "#ranking-table", column, figure, () => head("#ranking-table", column).click()));
  }
  await check("sorting by text", () =>
    sorts(page, "#people-table", 2, (text) => text || null, () => head("#people-table", 2).click()));
  await check("sorting names as a Chinese reader does", async () => {
    await head("#people-table", 1).click();
    const names = await page.evaluate(inPage.column, ["#people-table", 1]);
    // By sound: bai, …, ye, …; by code point 云 (yun) would stand before all of them.
    const places = ["白", "江", "叶", "云"].map((c) => names.findIndex((n) => n.startsWith(c))).filter((i) => i >= 0);
    holds(places.length >= 3, `the sample's names have changed: ${names}`);
    equal(places, [...places].sort((a, b) => a - b), names.join(" "));
  });
  await page.reload();
  await check("sorting by keyboard", () =>
    sorts(page, "#people-table", 5, figure, () => head("#people-table", 5).press("Enter")));
  await check("a table of unlike figures is not sorted", async () => {
    await page.goto(url("presets.html"));
    equal(await page.locator("#presets-table button").count(), 0, "heads to press");
    await page.goto(url("index.html"));
  });
  await check("a head that is a link leads on, its button sorts", async () => {
    const heads = page.locator("#ranking-table thead th:has(a)");
    holds((await heads.count()) > 0, "no head is a link");
    equal(await heads.locator("button a, a button").count(), 0, "one inside the other");
    const name = await heads.first().locator("button").getAttribute("aria-label");
    holds(name.startsWith((await heads.first().locator("a").textContent()).trim()), `the button is called ${name}`);
  });
  await check("a link to something folded opens it", async () => {
    const { page: person } = await open(context, `${url(kinds(folder).find((file) => file.startsWith("people/")))}#rows`);
    const folded = person.locator("#rows details").first();
    equal(await folded.evaluate((d) => d.open), false, "open at first");
    const id = await folded.getAttribute("id");
    await person.evaluate((id) => (location.hash = id), id);
    await person.waitForFunction((id) => document.getElementById(id).open, id);
    await person.close();
  });
  await check("filtering", async () => {
    const field = page.locator("#people .filter input");
    const rows = await page.evaluate(inPage.rows, "#people-table");
    const wanted = rows.filter((text) => text.includes("美工"));
    holds(wanted.length > 0 && wanted.length < rows.length, "the sample has artists and others");
    await field.fill("美工");
    equal(await page.evaluate(inPage.rows, "#people-table"), wanted, "rows shown");
    equal(await page.locator("#people output").textContent(), `${wanted.length} / ${rows.length} 行`, "said");
    await field.fill("没有这样一行");
    equal(await page.evaluate(inPage.rows, "#people-table"), [], "rows shown");
    await field.fill("");
    equal((await page.evaluate(inPage.rows, "#people-table")).length, rows.length, "rows shown");
  });
  await check("what is filtered out is printed all the same", async () => {
    const all = (await page.evaluate(inPage.rows, "#people-table")).length;
    await page.locator("#people .filter input").fill("美工");
    await page.emulateMedia({ media: "print" });
    equal((await page.evaluate(inPage.rows, "#people-table")).length, all, "rows printed");
    equal(await page.locator(".filter:visible, .finder:visible, .top nav:visible").count(), 0, "controls printed");
    await page.emulateMedia({ media: "screen" });
    await page.locator("#people .filter input").fill("");
  });
  const people = await page.evaluate(inPage.people);
  const someone = people.find(([text]) => text.includes(" ")) ?? people[0];
  const [name, id] = someone[0].split(" ");
  for (const [from, root] of [["index.html", ""], ["people/" + someone[1].split("/").pop(), "../"]]) {
    await check(`finding a person from ${from}`, async () => {
      await page.goto(url(from));
      const field = page.locator(".finder input");
      const links = page.locator(".finder a:visible");
      await field.fill(name.slice(0, 2));
      holds((await links.allTextContents()).includes(someone[0]), `${name} by a part of the name`);
      await field.fill(id.toLowerCase());
      equal(await links.first().getAttribute("href"), `${root}people/${someone[1].split("/").pop()}`, "where it leads");
      await field.press("ArrowDown");
      equal(await page.evaluate(() => document.activeElement.tagName), "A", "the arrow goes to the list");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Escape");
      equal([await links.count(), await field.inputValue()], [0, ""], "Escape closes");
      await field.fill("没有这个人吗");
      equal(await page.locator(".finder [role=status]").textContent(), "没有这个人", "said");
      await field.fill(id);
      await Promise.all([page.waitForURL((u) => u.pathname.endsWith(`/people/${someone[1].split("/").pop()}`)),
        from === "index.html" ? field.press("Enter") : links.first().click()]);
      equal(await page.locator("h1").first().textContent(), `${name} ${id}`, "the page");
    });
  }
  await check("the tools are silent", async () => equal(faults.filter((f) => !f.startsWith("request: file:")), [], "noted"));
  await context.close();
}

async function withoutScript(browser, folder) {
  const [plain, scripted] = [await browser.newContext({ javaScriptEnabled: false }), await browser.newContext()];
  for (const file of kinds(folder)) {
    await check(`without scripts ${file}`, async () => {
      const url = pathToFileURL(join(folder, file)).href;
      const [a, b] = [await plain.newPage(), await scripted.newPage()];
      await Promise.all([a.goto(url), b.goto(url)]);
      equal(await a.locator("button, input, select, textarea, output, [hidden]").count(), 0, "dead controls");
      const [without, having] = [await a.evaluate(inPage.tables), await b.evaluate(inPage.tables)];
      equal(without, having, "tables");
      await Promise.all([a.close(), b.close()]);
    });
  }
  await Promise.all([plain.close(), scripted.close()]);
}

/** Pages of paper that each kind may take: from, to. */
const PAPER = { "index.html": [3, 8], "people/": [1, 3], "service.html": [1, 4], "backlog.html": [1, 6], "presets.html": [1, 2],
  "definitions.html": [8, 20], "forms.html": [1, 60] };

async function prints(browser, lang, folder, work) {
  // From a dark screen: paper stays white.
  const context = await browser.newContext({ colorScheme: "dark" });
  for (const file of kinds(folder)) {
    await check(`${lang} print ${file}`, async () => {
      const { page } = await open(context, pathToFileURL(join(folder, file)).href);
      const titles = await page.locator("h2").allTextContents();
      const heads = await page.evaluate(inPage.longHeads);
      await page.emulateMedia({ media: "print" });
      equal(await page.evaluate(inPage.paper), ["rgb(255, 255, 255)", "rgb(0, 0, 0)"], "paper and ink");
      await page.setViewportSize({ width: SHEET, height: 900 });
      equal(await page.evaluate(inPage.sideways), [], "wider than the paper");
      const pdf = join(work, `${lang}-${file.replace("/", "-")}.pdf`);
      writeFileSync(pdf, await page.pdf({ preferCSSPageSize: true }));
      await page.close();
      const size = execFileSync("pdfinfo", [pdf], { encoding: "utf8" });
      holds(/Page size:\s+59[45].*x 84[12]/.test(size), `A4: ${size}`);
      const sheets = execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" }).split("\f").slice(0, -1);
      const [from, to] = PAPER[file] ?? PAPER[file.replace(/[^/]*$/, "")] ?? [1, 12];
      holds(sheets.length >= from && sheets.length <= to, `${sheets.length} pages, expected ${from} to ${to}`);
      for (const [i, text] of sheets.entries()) {
        const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
        holds(lines.join("").replace(/\s/g, "").length >= 40, `page ${i + 1} is all but empty: ${lines}`);
        const last = lines.at(-1) ?? "";
        holds(!titles.some((title) => title.trim() === last), `page ${i + 1} ends with the heading ${last}`);
      }
      for (const head of heads.filter((texts) => texts.length)) {
        const on = (text) => sheets.filter((sheet) => sheet.replace(/\s/g, "").includes(text)).length;
        holds(Math.max(...head.map(on)) > 1, `a long table whose head is not repeated: ${head}`);
      }
    });
  }
  await context.close();
}

const started = Date.now();
const reports = process.argv.slice(2).map((argument) => {
  const [lang, folder] = argument.split("=");
  return [lang, resolve(folder)];
});
holds(reports.length > 0, "usage: node check.mjs LANG=FOLDER …");
const work = mkdtempSync(join(tmpdir(), "kaohe-browser-"));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
try {
  for (const [i, [lang, folder]] of reports.entries()) {
    await Promise.all(["light", "dark"].map((scheme) => looks(browser, lang, folder, scheme, i === 0)));
    await prints(browser, lang, folder, work);
  }
  await tools(browser, reports[0][1]);
  await withoutScript(browser, reports[0][1]);
} finally {
  await browser.close();
  rmSync(work, { recursive: true });
}
console.log(`${reports.map(([lang, folder]) => `${lang}: ${kinds(folder).length} kinds of pages`).join(", ")}; ${Math.round((Date.now() - started) / 1000)} s`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length ? 1 : 0);
