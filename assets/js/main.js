// The page can be read without any of this: a theme switch, buttons that copy, a table of contents
// that follows the scroll, pictures that open larger, a figure that can be explored, and a reader's
// own report in place of the numbers. Words come from the script's own element.
import { button, pinch } from "./controls.js";

const words = document.currentScript.dataset;
const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function themeSwitch() {
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.className === "dark" || (systemDark.matches && root.className !== "light");
  const bars = all('meta[name="theme-color"]');
  const paintBars = () => {
    const page = getComputedStyle(root).backgroundColor;
    if (root.className) bars.forEach((bar) => (bar.content = page));
  };
  const control = document.querySelector("button.theme");
  control.hidden = false;
  control.addEventListener("click", () => {
    root.className = isDark() ? "light" : "dark";
    paintBars();
    try {
      localStorage.theme = root.className;
    } catch {
      // Storage is refused: the choice lasts for this page.
    }
  });
  paintBars();
}

function copyButtons() {
  if (!navigator.clipboard) return; // a page without https has none
  for (const code of all(".highlight")) {
    const copy = button(words.copy, "", async () => {
      await navigator.clipboard.writeText(code.querySelector("code").textContent);
      copy.textContent = words.copied;
      setTimeout(() => (copy.textContent = words.copy), 2000);
    });
    copy.className = "copy";
    copy.ariaLive = "polite";
    code.append(copy);
  }
}

function followScroll() {
  const links = new Map(all(".toc a").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current;
  const mark = () => {
    const atEnd = scrollY + innerHeight > root.scrollHeight - 2;
    const here = headings.findLast((heading) => atEnd || heading.getBoundingClientRect().top < innerHeight / 3);
    if (here === current) return;
    links.get(current?.id)?.removeAttribute("aria-current");
    links.get(here?.id)?.setAttribute("aria-current", "true");
    current = here;
  };
  if (headings.length) addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
}

// A picture in a dialog: + and - and 0, pinch or Ctrl and wheel to zoom, scrolling to move, Esc to leave.
function zoomView() {
  const dialog = document.createElement("dialog");
  const frame = document.createElement("div");
  const image = new Image();
  let scale = 1;
  let shape = 1;
  function zoom(to, x = frame.clientWidth / 2, y = frame.clientHeight / 2) {
    const before = scale;
    scale = Math.min(8, Math.max(1, to));
    const fits = Math.min(frame.clientWidth, frame.clientHeight * shape);
    image.style.width = `${fits * scale}px`;
    frame.scrollLeft = (frame.scrollLeft + x) * (scale / before) - x;
    frame.scrollTop = (frame.scrollTop + y) * (scale / before) - y;
  }
  const bar = document.createElement("p");
  bar.append(
    button("−", words.smaller, () => zoom(scale / 1.5)),
    button("+", words.larger, () => zoom(scale * 1.5)),
    button("×", words.close, () => dialog.close()),
  );
  frame.tabIndex = 0;
  frame.append(image);
  dialog.className = "view";
  dialog.append(frame, bar);
  document.body.append(dialog);
  dialog.addEventListener("keydown", (event) => {
    const to = { "+": scale * 1.5, "=": scale * 1.5, "-": scale / 1.5, 0: 1 }[event.key];
    if (to && !event.ctrlKey && !event.metaKey) zoom(to);
  });
  frame.addEventListener("dblclick", (event) => zoom(scale > 1 ? 1 : 3, event.clientX, event.clientY));
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(scale * Math.exp(-event.deltaY / 100), event.clientX, event.clientY);
  }, { passive: false });
  pinch(frame, () => scale, zoom);
  return (picture) => {
    // A picture that waits for its turn to be loaded has no current source yet.
    image.src = picture.currentSrc || picture.previousElementSibling.srcset;
    image.alt = picture.alt;
    shape = picture.width / picture.height;
    frame.ariaLabel = picture.alt;
    dialog.showModal();
    zoom(1);
  };
}

function zoomLinks() {
  let open;
  for (const figure of all(".chart")) {
    const show = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open ??= zoomView();
      open(all("img", figure).find((image) => image.offsetParent));
    };
    figure.querySelector("a.zoom").addEventListener("click", show);
    all("img", figure).forEach((image) => image.addEventListener("click", show));
  }
}

const loaded = ({ script, integrity }) => new Promise((resolve, reject) => {
  const made = document.createElement("script");
  Object.assign(made, { src: script, integrity, onload: resolve, onerror: reject });
  document.head.append(made);
});

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

// The explorer and the record that it shows are fetched when they are asked for, together.
function explorers() {
  for (const control of all("button.explore")) {
    const failed = document.createElement("p");
    failed.className = "failed";
    failed.role = "alert";
    control.parentElement.after(failed);
    control.hidden = false;
    control.addEventListener("click", async () => {
      if (control.ariaBusy) return;
      control.ariaBusy = "true";
      failed.textContent = "";
      try {
        const [record] = await Promise.all([fetched(control.dataset.record), window.explore || loaded(control.dataset)]);
        window.explore(control.closest(".chart").querySelector("b").textContent, record);
      } catch {
        failed.textContent = control.dataset.failed;
      }
      control.ariaBusy = null;
    });
  }
}

// Printing waits for no picture: what the reader has not come to yet is fetched and put into the page.
function printAll() {
  addEventListener("beforeprint", () => {
    for (const image of all(".in-light img").filter((one) => !one.complete)) {
      const request = new XMLHttpRequest();
      request.open("GET", image.previousElementSibling.srcset, false);
      request.send();
      const drawing = request.responseXML.documentElement;
      Object.assign(drawing, { role: "img", ariaLabel: image.alt });
      image.replaceWith(drawing);
      addEventListener("afterprint", () => drawing.replaceWith(image), { once: true });
    }
  });
}

// What shows a report is fetched for the first one that is opened, or dropped onto the page.
function reports() {
  const input = document.querySelector("#report");
  if (!input) return;
  const place = input.parentElement;
  const open = async ([file]) => {
    if (!file) return;
    try {
      await (window.readAs || loaded(place.closest(".text").dataset));
      window.readAs(file, input);
    } catch {
      place.role = "alert";
      place.textContent = input.dataset.failed;
    }
  };
  all("[hidden]", place.parentElement).forEach((one) => (one.hidden = false));
  input.addEventListener("change", () => open(input.files));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    open(event.dataTransfer.files);
  });
}

themeSwitch();
printAll();
copyButtons();
followScroll();
zoomLinks();
explorers();
reports();
