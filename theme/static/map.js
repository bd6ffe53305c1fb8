// Zoom for the map, which is whole without it. Its view box is what changes, so the dots stay links with names.
// The view is in the address: #view=4,612,180 is four times as large, with that position of the drawing in the middle.
// Nothing glides, so nobody has to ask for less motion; a plain wheel or one finger up and down scrolls the page.
"use strict";

(() => {
  const svg = document.querySelector(".map-wide .map");
  const tools = document.getElementById("map-tools");
  const status = document.getElementById("map-status");
  const near = document.getElementById("map-near");
  const { width, height } = svg.viewBox.baseVal;
  const MOST = 16; // beyond it the outlines are too coarse
  const LISTED = 24;
  const FINGER = 12; // CSS pixels from the middle of what a finger can aim at (WCAG 2.2, 2.5.8)
  const dots = [...svg.querySelectorAll(".map-dot")].map((dot) => ({
    dot,
    link: dot.closest("a"),
    name: dot.querySelector("title").textContent,
    x: Number(dot.getAttribute("cx")),
    y: Number(dot.getAttribute("cy")),
    r: Number(dot.getAttribute("r")),
  }));
  const whole = { zoom: 1, x: width / 2, y: height / 2 };
  let view = whole;

  // --- the view -----------------------------------------------------------------------------------------------------

  const between = (low, value, high) => Math.min(Math.max(low, value), high);
  const inside = ({ x, y }) =>
    Math.abs(x - view.x) <= width / view.zoom / 2 && Math.abs(y - view.y) <= height / view.zoom / 2;

  function draw({ zoom, x, y }) {
    const nearer = between(1, zoom, MOST);
    const [w, h] = [width / nearer, height / nearer];
    const changed = nearer !== view.zoom;
    view = { zoom: nearer, x: between(w / 2, x, width - w / 2), y: between(h / 2, y, height - h / 2) };
    svg.setAttribute("viewBox", `${view.x - w / 2} ${view.y - h / 2} ${w} ${h}`);
    svg.classList.toggle("map-near", nearer > 1);
    if (!changed) return;
    size();
    for (const [name, idle] of [["in", nearer === MOST], ["out", nearer === 1], ["all", nearer === 1]]) {
      tools.querySelector(`[data-zoom=${name}]`).setAttribute("aria-disabled", idle); // disabled, it would lose the focus
    }
  }

  // Dots stay as large on the screen as they were. On a small one, and enlarged, they grow to twice that; around each is
  // a ring that is not seen, for fingers. Neither takes room from another dot.
  for (const one of dots) {
    one.ring = one.dot.cloneNode();
    one.ring.setAttribute("class", "map-ring");
    if (one.link) one.link.prepend(one.ring);
    one.around = dots
      .map((other) => ({ r: other.r, apart: Math.hypot(other.x - one.x, other.y - one.y) }))
      .filter(({ apart }) => apart && apart < 150);
  }

  function size() {
    const larger = view.zoom > 1 ? between(1, 0.7 * scale(), 2) : 1;
    for (const { dot, ring, r, around } of dots) {
      const room = Math.min(...around.map((other) => Math.min((other.apart * view.zoom) / 2, other.apart * view.zoom - other.r)));
      const shown = Math.max(r, Math.min(r * larger, room));
      dot.setAttribute("r", shown / view.zoom);
      ring.setAttribute("r", Math.max(shown, Math.min(FINGER * scale(), room)) / view.zoom);
    }
  }

  // What is said, listed and put into the address waits until the map is at rest.
  let rest;
  function go(next) {
    draw(next);
    clearTimeout(rest);
    rest = setTimeout(settle, 250);
  }

  function settle() {
    clearTimeout(rest);
    rest = undefined;
    const address = stated();
    if (address !== location.hash) history.pushState(null, "", address || location.pathname + location.search);
    tell();
  }

  function tell() {
    const seen = dots.filter(inside);
    const places = `${dots.length} place${dots.length === 1 ? "" : "s"}`;
    const much = Math.round(view.zoom * 10) / 10;
    const words = view.zoom === 1 ? `Whole world: ${places}` : `${much} times as large: ${seen.length} of ${places} in view`;
    if (status.textContent !== words) status.textContent = words;
    near.hidden = view.zoom === 1 || !seen.length;
    const rows = near.hidden ? [] : seen.filter(({ link }) => link).slice(0, LISTED);
    near.querySelector("ul").replaceChildren(...rows.map(row));
  }

  function row({ link, name }) {
    const item = document.createElement("li");
    const made = document.createElement("a");
    const [label, count] = name.split(/: (?=[^:]*$)/);
    made.href = link.getAttribute("href");
    made.append(Object.assign(document.createElement("bdi"), { textContent: label }));
    item.append(made, " ", Object.assign(document.createElement("span"), { className: "count", textContent: count }));
    return item;
  }

  // Enlarge by a factor; what is at the position stays where it is.
  const zoom = (factor, { x, y } = view) => {
    const nearer = between(1, view.zoom * factor, MOST);
    const share = view.zoom / nearer;
    go({ zoom: nearer, x: x + (view.x - x) * share, y: y + (view.y - y) * share });
  };
  const move = (right, down) => go({ ...view, x: view.x + right / view.zoom, y: view.y + down / view.zoom });

  // --- the address --------------------------------------------------------------------------------------------------

  const stated = () => (view.zoom === 1 ? "" : `#view=${[view.zoom.toFixed(2), view.x.toFixed(1), view.y.toFixed(1)].map(Number)}`);

  function restore() {
    const [, ...numbers] = location.hash.match(/^#view=([\d.]+),([\d.]+),([\d.]+)$/) || [];
    const [nearer, x, y] = numbers.map(Number);
    if (nearer + x + y) draw({ zoom: nearer, x, y });
    else if (location.hash) return; // of something else on the page
    else draw(whole);
    tell();
  }

  // --- by button and key --------------------------------------------------------------------------------------------

  const acts = { in: () => zoom(2), out: () => zoom(0.5), all: () => go(whole) };
  tools.addEventListener("click", ({ target }) => {
    const name = target.closest("button")?.dataset.zoom;
    if (name) acts[name]();
  });

  const keys = { "+": acts.in, "=": acts.in, "-": acts.out, "−": acts.out, 0: acts.all };
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = view.zoom > 1 && arrows[event.key]; // of the whole world there is nothing more to show: the page scrolls
    if (arrow) move((arrow[0] * width) / 4, (arrow[1] * height) / 4);
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });
  svg.addEventListener("focusin", ({ target }) => {
    const dot = dots.find(({ link }) => link === target);
    if (dot && !inside(dot)) go({ ...view, x: dot.x, y: dot.y });
  });

  // --- by wheel, mouse and fingers ----------------------------------------------------------------------------------

  // A distance on the screen as one of the drawing when whole; a position on the screen as one of the drawing.
  const scale = () => width / svg.getBoundingClientRect().width;
  function position({ x, y }) {
    const box = svg.getBoundingClientRect();
    const [right, down] = [x - box.x - box.width / 2, y - box.y - box.height / 2];
    return { x: view.x + (right * scale()) / view.zoom, y: view.y + (down * scale()) / view.zoom };
  }

  svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return; // two fingers on a touchpad come as a wheel with Ctrl
      event.preventDefault();
      const lines = event.deltaMode ? event.deltaY * 33 : event.deltaY;
      zoom(2 ** (between(-100, -lines, 100) / 100), position(event));
    },
    { passive: false },
  );

  const down = new Map();
  let dragged = false;
  const middle = () => {
    const [one, other = one] = down.values();
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, apart: Math.hypot(one.x - other.x, one.y - other.y) };
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!down.size) dragged = false;
    down.set(event.pointerId, event);
  });
  svg.addEventListener("pointermove", (event) => {
    const start = down.get(event.pointerId);
    if (!start) return;
    if (!dragged && down.size === 1 && Math.hypot(event.x - start.x, event.y - start.y) < 5) return; // a click may shake
    if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    dragged = true;
    const before = middle();
    down.set(event.pointerId, event);
    const after = middle();
    move((before.x - after.x) * scale(), (before.y - after.y) * scale());
    if (before.apart && after.apart) zoom(after.apart / before.apart, position(after));
  });
  for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, ({ pointerId }) => down.delete(pointerId));
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener(
    "click",
    (event) => {
      if (dragged && event.detail) event.preventDefault(); // the end of a drag follows no link
      else if (rest) settle(); // before the page is left
    },
    true,
  );

  svg.setAttribute("tabindex", "0");
  svg.setAttribute("aria-describedby", "map-keys");
  svg.classList.add("map-live");
  tools.hidden = false;
  window.addEventListener("popstate", restore);
  window.addEventListener("resize", size);
  size();
  restore();
  tell();
})();
