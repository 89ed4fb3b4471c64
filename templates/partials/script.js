// What a reader can do beyond reading: sort and filter tables, find a person. Without this script everything is there,
// and none of its controls are.
(() => {
  "use strict";

  const LONG = 12;
  const words = document.body.dataset;
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const plain = (text) => text.normalize("NFKC").toLowerCase();

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // A cell's bare number, else its text; null where there is nothing.
  const value = (cell) => {
    if (!cell) return null;
    if ("v" in cell.dataset) return Number(cell.dataset.v);
    const text = (cell.querySelector(":scope > a, :scope > span") ?? cell).textContent.trim();
    return text === "" || text === "–" ? null : text;
  };

  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === typeof b) return collator.compare(a, b);
    return typeof a === "number" ? -1 : 1;
  };

  // Nothing stands last in either direction; equal rows keep their order.
  const sorted = (rows, column, way) =>
    rows
      .map((row) => [value(row.cells[column]), row])
      .sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : way * compare(a, b)))
      .map(([, row]) => row);

  const makeSortable = (table) => {
    const [head, body] = [table.tHead.rows[0], table.tBodies[0]];
    const delivered = [...body.rows];
    let [column, way] = [-1, 0];
    [...head.cells].forEach((cell, i) => {
      const button = make("button", { type: "button", class: "sort", title: words.sort });
      // A head that is a link stays one and gets its button beside it.
      if (cell.querySelector("a")) button.setAttribute("aria-label", `${cell.textContent.trim()} · ${words.sort}`);
      else button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        // Ascending, descending, as delivered.
        way = column !== i ? 1 : way === 1 ? -1 : way === -1 ? 0 : 1;
        column = i;
        for (const other of head.cells) other.removeAttribute("aria-sort");
        if (way) cell.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
        body.append(...(way ? sorted(delivered, i, way) : delivered));
      });
    });
  };

  const makeFilterable = (table) => {
    const rows = [...table.tBodies[0].rows].map((row) => [row, plain(row.textContent)]);
    const name = [words.filter, table.caption?.textContent].filter(Boolean).join(" · ");
    const field = make("input", { type: "search", placeholder: words.filter, "aria-label": name, autocomplete: "off" });
    const said = make("output", {});
    const apply = () => {
      const wanted = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !wanted.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      said.value = words.rows.replace("{shown}", shown).replace("{all}", rows.length);
    };
    field.addEventListener("input", apply);
    apply();
    (table.closest(".scroll") ?? table).before(make("div", { class: "filter" }, field, said));
  };

  const makeFinder = (source) => {
    const all = [...source.content.querySelectorAll("a")].map((link) => [link, plain(link.textContent)]);
    const { label, hint, none } = source.dataset;
    const attributes = { type: "search", placeholder: label, "aria-label": `${label} · ${hint}`, autocomplete: "off" };
    const field = make("input", attributes);
    const list = make("ul", { hidden: "" });
    const said = make("p", { role: "status", hidden: "" });
    const finder = make("div", { class: "finder", role: "search" }, field, list, said);
    const close = () => (list.hidden = said.hidden = true);
    const links = () => [...list.querySelectorAll("a")];
    const find = () => {
      const wanted = plain(field.value).split(/\s+/).filter(Boolean);
      if (!wanted.length) return close();
      const found = all.filter(([, text]) => wanted.every((word) => text.includes(word)));
      list.replaceChildren(...found.map(([link]) => make("li", {}, link.cloneNode(true))));
      said.textContent = found.length ? "" : none;
      [list.hidden, said.hidden] = [!found.length, found.length > 0];
    };
    field.addEventListener("input", find);
    field.addEventListener("focus", find);
    finder.addEventListener("focusout", (event) => finder.contains(event.relatedTarget) || close());
    // A pressed link is followed before the list closes, also where pressing does not move the focus.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    finder.addEventListener("keydown", (event) => {
      // Enter and the arrows belong to the input method while it is open.
      if (event.isComposing) return;
      const [places, at] = [[field, ...links()], [field, ...links()].indexOf(document.activeElement)];
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const next = at + (event.key === "ArrowDown" ? 1 : -1);
        places[Math.min(Math.max(next, 0), places.length - 1)].focus();
      } else if (event.key === "Enter" && at === 0) {
        if (!list.hidden) links()[0].click();
      } else if (event.key === "Escape") {
        field.focus();
        field.value = "";
        close();
      } else {
        return;
      }
      event.preventDefault();
    });
    source.after(finder);
  };

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    if (table.tHead && table.tBodies[0]?.rows.length > 1) makeSortable(table);
  }
  for (const table of document.querySelectorAll("main table")) {
    if (table.tBodies[0]?.rows.length > LONG) makeFilterable(table);
  }
  const people = document.getElementById("people-list");
  if (people) makeFinder(people);
  // A link to something folded opens it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
  // The page that is open, in view among the others on a phone.
  const current = document.querySelector(".top nav [aria-current]");
  if (current) current.parentElement.scrollLeft = current.offsetLeft - current.parentElement.offsetLeft - 40;
})();
