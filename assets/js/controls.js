// What more than one of the scripts needs.

export function button(text, name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (name) made.ariaLabel = name;
  made.addEventListener("click", act);
  return made;
}

// What only a part of a page needs to look like itself comes with the script of that part.
export function style(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}

// Two fingers that spread in `frame` call zoom(scale, x, y), beginning with what scale() gives; one
// finger, or a mouse with its button down, calls drag(by) with the pixels it went to the right.
export function pinch(frame, scale, zoom, drag) {
  const fingers = new Map();
  let spread = 0;
  let from = 1;
  const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  frame.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) [spread, from] = [apart([...fingers.values()]), scale()];
  });
  frame.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 1) drag?.(event.clientX - before.clientX);
    if (fingers.size !== 2) return;
    const [a, b] = fingers.values();
    zoom((from * apart([a, b])) / spread, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
}
