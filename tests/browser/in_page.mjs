// What is asked of a page from inside; each function is sent there whole, so it uses nothing around it.

/** Elements that make the page wider than the window. */
export function sideways() {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > room + 1);
  return wide.slice(0, 5).map((e) => `${e.tagName}.${e.className}#${e.id}`).concat("page");
}

/** Texts of visible charts that overlap or leave the drawing. */
export function labels() {
  const found = [];
  for (const svg of document.querySelectorAll("svg.chart")) {
    if (!svg.getClientRects().length) continue;
    const { width, height } = svg.viewBox.baseVal;
    const texts = [...svg.querySelectorAll("text")].filter((t) => t.textContent.trim() !== "");
    const boxes = texts.map((text) => {
      const box = text.getBBox();
      // The line is higher than its letters.
      return { text: text.textContent, l: box.x, r: box.x + box.width, t: box.y + box.height * 0.2, b: box.y + box.height * 0.8 };
    });
    boxes.forEach((a, i) => {
      if (a.l < -1 || a.r > width + 1 || a.t < -1 || a.b > height + 1) found.push(`${a.text} leaves its chart`);
      for (const b of boxes.slice(0, i)) {
        if (a.l < b.r && b.l < a.r && a.t < b.b && b.t < a.b) found.push(`${a.text} over ${b.text}`);
      }
    });
  }
  return found.slice(0, 8);
}

/** Serious and critical faults. */
export async function axe() {
  const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
  return violations
    .filter((v) => ["serious", "critical"].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.any[0]?.message ?? ""}`).join("; ")}`);
}

/** The texts of a column, top to bottom. */
export function column([table, n]) {
  const text = (cell) => (cell.querySelector(":scope > a, :scope > span") ?? cell).textContent.trim();
  return [...document.querySelectorAll(`${table} tbody td:nth-child(${n})`)].map(text);
}

export function sortState([table, n]) {
  return document.querySelector(`${table} thead th:nth-child(${n})`).getAttribute("aria-sort");
}

export function heads(table) {
  return [...document.querySelectorAll(`${table} thead th`)].map((th) => th.textContent.trim());
}

/** The rows of a table that are shown. */
export function rows(table) {
  return [...document.querySelectorAll(`${table} tbody tr`)].filter((r) => r.getClientRects().length).map((r) => r.innerText);
}

/** Everyone in the list of the page: text, link. */
export function people() {
  const list = document.getElementById("people-list").content;
  return [...list.querySelectorAll("a")].map((a) => [a.textContent, a.getAttribute("href")]);
}

/** All tables, cell by cell. */
export function tables() {
  return [...document.querySelectorAll("table")].map((t) => [...t.rows].map((r) => [...r.cells].map((c) => c.textContent.trim())));
}

/** Colours of the paper and the ink. */
export function paper() {
  const style = getComputedStyle(document.body);
  return [style.backgroundColor, style.color];
}

/** Of each printed table that is too long for a page of paper: the texts that stand in its head and nowhere else. */
export function longHeads() {
  const plain = (element) => element.textContent.replace(/\s/g, "");
  const shown = [...document.querySelectorAll("main table")].filter((t) => !t.closest("details") && t.rows.length > 80);
  const main = plain(document.querySelector("main"));
  return shown.map((t) => [...t.tHead.rows[0].cells].map(plain).filter((text) => text && main.split(text).length === 2));
}
