// The table of machines can be read without this: here it gets sorted by its headings and filtered.
import { button } from "./controls.js";

const table = document.querySelector(".machines table");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const filter = document.querySelector(".filter");
const status = filter.querySelector("[role=status]");

const textOf = (row, column) => row.cells[column].textContent.trim();
// "about 24" and "12.5 [10–14]" count by their first number, where a column holds numbers.
const numberOf = (text) => parseFloat(text.replace(/,/g, "").match(/\d[\d.]*/)?.[0]);

function compare(column, sign) {
  const texts = [...body.rows].map((row) => textOf(row, column)).filter(Boolean);
  const numeric = column > 1 && texts.every((text) => !Number.isNaN(numberOf(text)));
  return (a, b) => {
    const [left, right] = [textOf(a, column), textOf(b, column)];
    if (!left || !right) return !left - !right; // what was not measured comes last, either way
    return sign * (numeric ? numberOf(left) - numberOf(right) : left.localeCompare(right, undefined, { numeric: true }));
  };
}

function sortBy(column) {
  const up = heads[column].ariaSort !== "ascending";
  heads.forEach((head) => head.removeAttribute("aria-sort"));
  heads[column].ariaSort = up ? "ascending" : "descending";
  body.append(...[...body.rows].sort(compare(column, up ? 1 : -1)));
}

function show(words) {
  let shown = 0;
  for (const row of body.rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    shown += !row.hidden;
  }
  status.textContent = words.length ? status.dataset.shown.replace("{n}", shown) : "";
}

heads.slice(0, -1).forEach((head, column) => {
  const sorter = button("", "", () => sortBy(column));
  sorter.append(...head.firstElementChild.childNodes);
  head.firstElementChild.replaceWith(sorter);
});
filter.hidden = false;
filter.addEventListener("input", (event) => show(event.target.value.toLowerCase().split(/\s+/).filter(Boolean)));
