// The post, read as a reader's own machine: the report of measure.pyz carries the summary of its
// record, whose numbers and verdicts stand here in place of the blog's. The file is a stranger's:
// what does not fit the published schema is refused, and all that is shown of it is text.
import { data } from "@params";
import { button, style } from "./controls.js";

// What stands in the page in its order: a key, or a claim with its words for each verdict.
const { claims, words, schema, language, ...told } = JSON.parse(data);
const marks = told.marks.map((mark) => (mark[0] === "[" ? JSON.parse(mark) : mark));
const PLACES = ":is(.answer, .text) :is(data, span:not([class]))";
const LARGEST_BYTES = 2_000_000;
const BEGIN = '<script type="application/json" id="summary">';
const SIGNS = { holds: "✓", fails: "✗", undecided: "≈", not_applicable: "–" };
style(`
:root:has(.reading) { scroll-padding-top: 6rem; }
.reading { position: sticky; top: 0; z-index: 1; outline: 0;
  margin-block: -2.5rem 1.2rem; padding-block: 0.5em; background: var(--raised); border-block-end: 2px solid var(--link); }
.reading div { display: flex; flex-wrap: wrap; gap: 0 1.5em; }
.reading, .reading + p { font-size: 0.88em; line-height: 1.5; }
.reading p { margin: 0; }
.reading button { padding: 0; color: var(--link); text-decoration: underline 1px; }
span.otherwise, .otherwise .verdict { background: light-dark(#fff0b8, #463a00); border-radius: 2px; }
.blogs { display: block; font-size: 0.85em; color: var(--open); }
@media print { .reading { position: static; } .reading button { display: none; } }`);

const kinds = {
  array: Array.isArray,
  boolean: (value) => typeof value === "boolean",
  integer: Number.isSafeInteger,
  null: (value) => value === null,
  number: Number.isFinite,
  object: (value) => value !== null && typeof value === "object" && !Array.isArray(value),
  string: (value) => typeof value === "string",
};

// Whether a value is as a rule of the schema says, in those words of JSON Schema that it is written in.
function fits(value, rule) {
  if (rule.$ref) return fits(value, schema.$defs[rule.$ref.split("/").at(-1)]);
  if (rule.type && ![rule.type].flat().some((name) => kinds[name](value))) return false;
  if ("const" in rule && value !== rule.const) return false;
  if (rule.enum && !rule.enum.includes(value)) return false;
  if (rule.oneOf && rule.oneOf.filter((one) => fits(value, one)).length !== 1) return false;
  if (kinds.number(value)) {
    return !(value < rule.minimum || value > rule.maximum || value <= rule.exclusiveMinimum);
  }
  if (kinds.string(value)) {
    const long = value.length < rule.minLength || value.length > rule.maxLength;
    return !long && (!rule.pattern || new RegExp(rule.pattern, "u").test(value));
  }
  if (kinds.array(value)) {
    const many = value.length < rule.minItems || value.length > rule.maxItems;
    return !many && (!rule.items || value.every((one) => fits(one, rule.items)));
  }
  return !kinds.object(value) || fitsObject(value, rule);
}

function fitsObject(value, { properties = {}, additionalProperties: others = true, ...rule }) {
  const has = (name) => Object.hasOwn(value, name);
  const needed = Object.entries(rule.dependentRequired ?? {}).flatMap(([name, names]) => (has(name) ? names : []));
  return [...(rule.required ?? []), ...needed].every(has) && Object.keys(value).every((name) => {
    if (rule.propertyNames && !fits(name, rule.propertyNames)) return false;
    const own = Object.hasOwn(properties, name) ? properties[name] : others;
    return own === true || (own && fits(value[name], own));
  });
}

// The summary in a report, or in a file by itself. Throws for what is none.
async function summaryIn(file) {
  if (file.size > LARGEST_BYTES) throw new Error("too large");
  const text = await file.text();
  const from = text.indexOf(BEGIN);
  const found = from < 0 ? text : text.slice(from + BEGIN.length).split("</script>", 1)[0];
  const summary = JSON.parse(found);
  if (!fits(summary, schema)) throw new Error("no summary");
  return summary;
}

// What is changed is changed back by these, the last first.
let back = [];

function put(element, ...nodes) {
  const before = [...element.childNodes];
  back.push(() => element.replaceChildren(...before));
  element.replaceChildren(...nodes);
}

function set(element, name, value) {
  const before = element.getAttribute(name);
  back.push(() => (before === null ? element.removeAttribute(name) : element.setAttribute(name, before)));
  element.setAttribute(name, value);
}

function add(parent, text) {
  const note = document.createElement("small");
  note.className = "blogs";
  note.textContent = text;
  parent.prepend(note);
  back.push(() => note.remove());
}

const own = (fields, name) => (Object.hasOwn(fields, name) ? fields[name] : undefined);
const said = (fields, name) => own(fields, `${name}_${language}`) ?? own(fields, name) ?? "";
const filled = (text, fields) => text.replace(/{(\w+)}/g, (_, name) => own(fields, name) ?? "");
const unit = (fields) => words[`unit_${fields.unit}`] ?? "";

function range(fields) {
  const ends = { n: fields.n, low: said(fields, "low_text"), high: said(fields, "high_text"), unit: unit(fields) };
  return filled(words[`interval_${fields.interval}`], ends) + (fields.above_ceiling ? words.above_ceiling : "");
}

// The words of a mark in this summary; undefined where it has none.
function textOf(mark, { values, verdicts }) {
  if (!Array.isArray(mark)) return said(own(values, mark) ?? {}, "text") || undefined;
  const [id, ...texts] = mark;
  return texts[Object.keys(SIGNS).indexOf(own(verdicts, id)?.verdict)];
}

function writeMark(element, mark, text, { values }) {
  if (Array.isArray(mark)) {
    if (text === element.textContent) return;
    set(element, "class", "otherwise");
    set(element, "title", filled(words.was, { text: element.textContent }));
  } else if (element.localName === "data") {
    set(element, "value", values[mark].value);
    if (Object.hasOwn(values[mark], "low_text")) set(element, "title", range(values[mark]));
  }
  put(element, text);
}

// A sentence says what one machine measured: where this one lacks a number, it stays the blog's.
function writeText(article, summary) {
  const elements = [...article.querySelectorAll(PLACES)].filter((one) => !one.closest(".claims"));
  if (elements.length !== marks.length) throw new Error("another page");
  const blocks = Map.groupBy(elements.keys(), (place) => elements[place].closest("p, li, td, dd, figcaption"));
  for (const [block, places] of blocks) {
    if (block.closest(".chart")) continue;
    const texts = places.map((place) => textOf(marks[place], summary));
    if (texts.includes(undefined)) add(block, words.unmeasured);
    else places.forEach((place, index) => writeMark(elements[place], marks[place], texts[index], summary));
  }
}

// The table of conclusions; how many of them come out otherwise.
function writeClaims(article, { verdicts }) {
  const rows = [...article.querySelectorAll(".claims tbody tr")];
  const changed = rows.filter((row, index) => {
    const found = own(verdicts, claims[index]) ?? { verdict: "not_applicable", reason: "measured" };
    const word = row.cells[1].firstElementChild;
    const otherwise = !word.classList.contains(found.verdict);
    set(word, "class", `verdict ${found.verdict}`);
    put(word, `${SIGNS[found.verdict]}\u00a0${words[`verdict_${found.verdict}`]}`);
    const low = said(found, "low_text");
    const ends = low && ` [${low}–${said(found, "high_text")}]`;
    const number = "ratio" in found ? `${said(found, "ratio_text")}${ends}${unit(found)}` : "";
    const value = Object.assign(document.createElement("span"), { className: "value", textContent: number });
    const reason = words[`reason_${found.reason}`] ?? "";
    put(row.cells[2], value, (number && reason && words.comma) + reason);
    if (otherwise) set(row, "class", "otherwise");
    return otherwise;
  });
  return changed.length;
}

function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

// The bar that stays on top, with the way back to the input of the file, and below it a remark.
function showBar(role, line, leave, input, remark = "") {
  const [bar, inside] = ["div", "div"].map((name) => document.createElement(name));
  const below = paragraph(remark);
  Object.assign(bar, { className: "reading", role, tabIndex: -1 });
  inside.className = below.className = "frame";
  inside.append(paragraph(line), button(leave, "", () => {
    takeBack();
    input.focus();
  }));
  bar.append(inside);
  back.push(() => [bar, below].forEach((one) => one.remove()));
  document.querySelector("main").prepend(bar, below);
  bar.focus({ preventScroll: true });
}

function takeBack() {
  back.reverse().forEach((undo) => undo());
  back = [];
}

function write(article, summary) {
  const { machine, runtimes: [runtime], finished } = summary;
  const line = [
    machine.cpu_model, filled(machine.cores === 1 ? words.core : words.cores, { n: machine.cores }),
    `${runtime.implementation} ${runtime.version}`, finished.slice(0, 10), summary.quick && words.quick,
  ].filter(Boolean).join(words.comma);
  writeText(article, summary);
  article.querySelectorAll(".chart").forEach((chart) => add(chart, words.figure));
  article.querySelectorAll(".run").forEach((run) => {
    put(run.querySelector("summary"), line);
    set(run.querySelector("dl"), "hidden", "");
  });
  return [line, filled(words.changed, { n: writeClaims(article, summary), of: claims.length })];
}

// Read the post as the machine of this file, or say in a line why not, with the page as it was.
window.readAs = async (file, input) => {
  try {
    const summary = await summaryIn(file);
    takeBack();
    const [line, remark] = write(document.querySelector("article"), summary);
    showBar("status", filled(words.as, { line }), words.back, input, remark);
  } catch {
    takeBack();
    showBar("alert", words.refused, words.close, input);
  }
  input.value = "";
};
