// Figure 2 from the record itself, in a dialog: every run of every job, on a time axis that moves and
// can be enlarged until single runs are told apart. main.js loads it when it is asked for.
import words from "@params"; // those of the page's language
import { button, pinch, style } from "./controls.js";

// The colours are those of the figures.
style(`
.explorer {
  --threads: light-dark(#c04a00, #f5914a);
  --processes: light-dark(#0068a8, #56b4e9);
  display: none; flex-direction: column; width: 100vw; height: 100vh; height: 100dvh; max-width: none; max-height: none;
  margin: 0; padding: 0.6rem; border: 0; background: var(--page); color: var(--ink);
}
.explorer[open] { display: flex; }
.explorer header { display: flex; flex-wrap: wrap; align-items: center; justify-content: end; gap: 0 0.4rem; }
.explorer h2 { flex: 1; margin: 0; font-size: 1.1rem; }
@media (max-width: 30rem) {
  .explorer h2 { flex-basis: 100%; }
}
.explorer button { font-size: 1.3rem; line-height: 1; width: 2.75rem; height: 2.75rem; padding: 0; }
.explorer select { font: inherit; font-size: 0.9rem; min-height: 2.4rem; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 4px; }
.explorer div { flex: 1; min-height: 0; overflow: hidden auto; overscroll-behavior: contain; }
.explorer canvas { display: block; width: 100%; cursor: grab; touch-action: pan-y; }
.explorer canvas:active { cursor: grabbing; }
.explorer canvas:focus-visible { outline-offset: -2px; }
.explorer output { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 2em; min-height: 3.4em; padding-top: 0.4rem; font-size: 0.85em; color: var(--muted); font-variant-numeric: tabular-nums lining-nums; }`);

const [AXIS, HEADING, GUTTER, END] = [26, 26, 52, 12]; // pixels: above, over a way, left, right
const [LEAST_ROW, MOST_ROW] = [14, 60]; // pixels
const REACH = 3; // pixels: so near to a run a finger or a mouse means it
const LEAST_S = 50e-6; // the record tells microseconds
const UNITS = { s: 1, ms: 1e-3, µs: 1e-6 };
const unitOf = (seconds) => Object.keys(UNITS).find((name) => seconds >= UNITS[name]) ?? "µs";

function quantity(seconds, digits) {
  if (!seconds) return "0";
  const unit = unitOf(seconds);
  const text = (seconds / UNITS[unit]).toLocaleString("en", { maximumSignificantDigits: digits });
  return (text + words[unit]).replace(" ", "\u00a0");
}

// The takes of the first interpreter by way and round, the ways in the interpreter's order. A row of
// the record is session, round, values, disturbance and, in a take, who ran when.
function samplesOf(record) {
  const [{ id, ways }] = record.runtimes;
  const found = new Map(ways.map((way) => [way, new Map()]));
  for (const arm of record.arms) {
    if (arm.experiment !== "interleaving" || arm.runtime !== id) continue;
    for (const [session, round, , , spans] of arm.rows) {
      if (spans?.length) found.get(arm.case)?.set(1000 * session + round, spans);
    }
  }
  return new Map([...found].filter(([, rounds]) => rounds.size));
}

// One row for every job: {way, job, first, runs}, `first` for the first row of its way.
function rowsOf(samples, round) {
  return [...samples].flatMap(([way, rounds]) => {
    const runs = rounds.get(round) ?? [];
    const jobs = [...new Set(runs.map(([job]) => job))].sort((a, b) => a - b);
    return jobs.map((job, n) => ({ way, job, first: !n, runs: runs.filter((run) => run[0] === job) }));
  });
}

function ticksOf(from, span, most) {
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size >= rough);
  const unit = unitOf(span);
  const decimals = Math.max(0, -Math.floor(Math.log10(step / UNITS[unit]) + 1e-9));
  const ticks = [];
  for (let n = Math.ceil(from / step - 1e-9) || 0; n * step <= from + span; n++) {
    const text = ((n * step) / UNITS[unit]).toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    ticks.push([n * step, text + words[unit]]);
  }
  return ticks;
}

// What is on the screen: rows, from which second on, how many seconds, and where the reader points.
class Timeline {
  constructor(canvas, changed) {
    Object.assign(this, { canvas, changed, from: 0, span: 0, at: null });
  }

  show(rows) {
    const end = Math.max(...rows.flatMap(({ runs }) => runs.map((run) => run[2])));
    const all = !this.span || this.span >= this.end;
    Object.assign(this, { rows, end: 1.01 * end });
    this.look(this.from, all ? this.end : this.span);
  }

  get wide() {
    return this.canvas.clientWidth - GUTTER - END;
  }

  second(x) {
    return this.from + ((x - GUTTER) / this.wide) * this.span;
  }

  x(second) {
    return GUTTER + ((second - this.from) / this.span) * this.wide;
  }

  look(from, span) {
    this.span = Math.min(this.end, Math.max(LEAST_S, span));
    this.from = Math.min(this.end - this.span, Math.max(0, from));
    this.draw();
  }

  zoom(scale, x = GUTTER + this.wide / 2) {
    const fixed = this.second(x);
    const span = Math.min(this.end, Math.max(LEAST_S, this.end / scale));
    this.look(fixed - ((fixed - this.from) * span) / this.span, span);
  }

  move(pixels) {
    this.look(this.from - (pixels / this.wide) * this.span, this.span);
  }

  point(x, y) {
    this.at = { x, row: this.rows.findLastIndex((_, n) => this.top(n) <= y), reach: REACH };
    this.draw();
  }

  // Without a mouse: the run nearest to the middle of the screen, of the row above or below.
  step(by) {
    const row = (this.at?.row ?? -1) + by;
    this.at = { x: GUTTER + this.wide / 2, row: Math.min(this.rows.length - 1, Math.max(0, row)), reach: Infinity };
    this.draw();
  }

  get pointed() {
    const row = this.rows[this.at?.row];
    if (!row) return null; // nothing yet, or the axis
    const away = ([, start, stop]) => Math.max(this.x(start) - this.at.x, this.at.x - this.x(stop), 0);
    const [run] = row.runs.toSorted((a, b) => away(a) - away(b));
    return away(run) <= this.at.reach ? { ...row, run } : null;
  }

  top(n) {
    return AXIS + n * this.pitch + this.rows.slice(0, n + 1).filter((row) => row.first).length * HEADING;
  }

  layOut() {
    const rest = AXIS + this.rows.filter((row) => row.first).length * HEADING;
    const room = (this.canvas.parentElement.clientHeight - rest) / this.rows.length;
    this.pitch = Math.floor(Math.min(MOST_ROW, Math.max(LEAST_ROW, room)));
    const high = rest + this.pitch * this.rows.length;
    this.canvas.style.height = `${high}px`;
    this.canvas.width = this.canvas.clientWidth * devicePixelRatio;
    this.canvas.height = high * devicePixelRatio;
  }

  colour(name) {
    this.canvas.style.color = `var(--${name}, var(--link))`;
    return getComputedStyle(this.canvas).color;
  }

  draw() {
    this.layOut();
    const brush = this.canvas.getContext("2d");
    const { fontFamily } = getComputedStyle(this.canvas);
    brush.scale(devicePixelRatio, devicePixelRatio);
    brush.textBaseline = "middle";
    brush.font = `12px ${fontFamily}`;
    this.drawAxis(brush);
    this.rows.forEach((row, n) => {
      const middle = this.top(n) + this.pitch / 2;
      if (row.first) {
        brush.font = `bold 13px ${fontFamily}`;
        brush.fillStyle = this.colour(row.way);
        brush.fillText(words[row.way] ?? row.way, 8, this.top(n) - HEADING / 2);
        brush.font = `12px ${fontFamily}`;
      }
      brush.fillStyle = this.colour("muted");
      brush.fillText(words.job.replace("{n}", row.job), 8, middle);
    });
    brush.beginPath();
    brush.rect(GUTTER, 0, this.wide, this.canvas.clientHeight);
    brush.clip();
    this.rows.forEach((row, n) => this.drawRuns(brush, row, n));
    this.changed();
  }

  drawAxis(brush) {
    brush.textAlign = "center";
    for (const [second, text] of ticksOf(this.from, this.span, Math.max(2, this.wide / 75))) {
      const x = Math.round(this.x(second));
      brush.fillStyle = this.colour("line");
      brush.fillRect(x, AXIS - 4, 1, this.canvas.clientHeight);
      brush.fillStyle = this.colour("muted");
      const half = brush.measureText(text).width / 2;
      brush.fillText(text, Math.min(x, this.canvas.clientWidth - half - 2), AXIS / 2);
    }
    brush.textAlign = "start";
  }

  drawRuns(brush, row, n) {
    const [top, high] = [this.top(n) + 0.14 * this.pitch, 0.72 * this.pitch];
    brush.fillStyle = this.colour(row.way);
    const box = ([, start, stop]) => [this.x(start), top, Math.max(0.5, this.x(stop) - this.x(start)), high];
    for (const run of row.runs) {
      if (run[2] >= this.from && run[1] <= this.from + this.span) brush.fillRect(...box(run));
    }
    if (this.at?.row === n && this.pointed) {
      brush.strokeStyle = this.colour("ink");
      brush.lineWidth = 2;
      brush.strokeRect(...box(this.pointed.run));
    }
  }
}

function roundChoice(samples, changed) {
  const choice = document.createElement("select");
  choice.ariaLabel = words.rounds;
  const rounds = new Set([...samples.values()].flatMap((each) => [...each.keys()]));
  for (const [n, round] of [...rounds].sort((a, b) => a - b).entries()) {
    choice.add(new Option(words.round.replace("{n}", n + 1), round));
  }
  choice.addEventListener("change", () => changed(+choice.value));
  return choice;
}

function keys(timeline) {
  const scale = () => timeline.end / timeline.span;
  return {
    "+": () => timeline.zoom(scale() * 1.5),
    "=": () => timeline.zoom(scale() * 1.5),
    "-": () => timeline.zoom(scale() / 1.5),
    0: () => timeline.zoom(1),
    ArrowLeft: () => timeline.move(timeline.wide / 8),
    ArrowRight: () => timeline.move(-timeline.wide / 8),
    ArrowUp: () => timeline.step(-1),
    ArrowDown: () => timeline.step(1),
  };
}

function followPointer(timeline) {
  const { canvas } = timeline;
  const x = (clientX) => clientX - canvas.getBoundingClientRect().left;
  const scale = () => timeline.end / timeline.span;
  pinch(canvas, scale, (to, at) => timeline.zoom(to, x(at)), (by) => timeline.move(by));
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  for (const kind of ["pointermove", "pointerdown"]) {
    canvas.addEventListener(kind, (event) => timeline.point(event.offsetX, event.offsetY));
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      timeline.move(-(event.deltaX || event.deltaY));
    } else {
      timeline.zoom(scale() * Math.exp(-event.deltaY / 300), event.offsetX);
    }
  }, { passive: false });
}

function said({ from, span, pointed }) {
  const shown = words.shown.replace("{from}", quantity(from, 6)).replace("{to}", quantity(from + span, 6));
  if (!pointed) return [words.help, shown];
  const { way, job, run: [, start, stop] } = pointed;
  const texts = {
    way: words[way] ?? way,
    job: words.job.replace("{n}", job),
    start: quantity(start, 6),
    length: quantity(stop - start, 3),
  };
  return [words.run.replace(/{(\w+)}/g, (_, name) => texts[name]), shown];
}

window.explore = (figure, record) => {
  const name = words.title.replace("{figure}", figure);
  const samples = samplesOf(record);
  const dialog = document.createElement("dialog");
  const [head, box, foot] = ["header", "div", "output"].map((name) => document.createElement(name));
  const canvas = document.createElement("canvas");
  const timeline = new Timeline(canvas, () => {
    foot.replaceChildren(...said(timeline)
      .map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  });
  const show = (round) => timeline.show(rowsOf(samples, round));
  const choice = roundChoice(samples, show);
  const act = keys(timeline);
  const title = Object.assign(document.createElement("h2"), { textContent: name });
  head.append(title, choice,
    button("−", words.smaller, act["-"]), button("+", words.larger, act["+"]), button("×", words.close, () => dialog.close()));
  Object.assign(canvas, { tabIndex: 0, role: "application", ariaLabel: `${name} ${words.help}` });
  box.append(canvas);
  dialog.className = "explorer";
  dialog.ariaLabel = name;
  dialog.append(head, box, foot);
  document.body.append(dialog);
  dialog.showModal();
  canvas.focus();
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.target === choice || !act[event.key]) return;
    event.preventDefault();
    act[event.key]();
  });
  followPointer(timeline);
  show(+choice.value);
  const resized = new ResizeObserver(() => timeline.draw());
  const theme = matchMedia("(prefers-color-scheme: dark)");
  const repaint = () => timeline.draw();
  resized.observe(box);
  theme.addEventListener("change", repaint);
  dialog.addEventListener("close", () => {
    resized.disconnect();
    theme.removeEventListener("change", repaint);
    dialog.remove();
  });
};
