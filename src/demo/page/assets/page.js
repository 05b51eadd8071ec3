// The little that htmx does not do: a chat keeps the messages that stay as they are, and stays at its newest one; a
// choice sends its form or goes to its page, alerts open as dialogues, and short answers go by themselves.
(() => {
  const walls = () => document.querySelectorAll(".wall");
  const atEnd = new Map();
  const id = (wall) => wall.closest(".phone").id + wall.dataset.chat;
  const down = (wall) => { wall.style.scrollBehavior = "auto"; wall.scrollTop = wall.scrollHeight; };
  const ready = () => walls().forEach((wall) => { if (atEnd.get(id(wall)) !== false) down(wall); });
  document.addEventListener("scroll", (event) => {
    const wall = event.target;
    if (wall.classList?.contains("wall")) atEnd.set(id(wall), wall.scrollHeight - wall.scrollTop - wall.clientHeight < 60);
  }, true);
  // The arrow keys choose in a list that stays closed: the page follows with the return key, or when the list is left.
  const chosen = (list) => [...list.options].find((one) => one.defaultSelected)?.value !== list.value;
  const go = (list) => { if (chosen(list)) location.href = list.value; };
  let keyed = false;
  const lists = (kind, what) => document.addEventListener(kind, (event) => {
    if (event.target.matches?.("select[data-go]")) what(event.target, event);
  });
  lists("pointerdown", () => { keyed = false; });
  lists("keydown", (list, event) => {
    const opens = event.key === " " || event.key === "F4" || (event.altKey && event.key.startsWith("Arrow"));
    const chooses = event.key.length === 1 || /^(Arrow|Home|End|Page)/.test(event.key);
    if (event.key === "Enter" && keyed) { event.preventDefault(); go(list); }
    else if (opens) keyed = false;
    else if (chooses) keyed = true;
  });
  lists("change", (list) => { if (!keyed) go(list); });
  lists("focusout", (list) => { if (keyed) { keyed = false; go(list); } });
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-go]") && event.target.files.length) event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    ready();
    const alert = event.target.querySelector?.("dialog[data-alert]:not([open])");
    if (alert) alert.showModal();
    const word = event.target.querySelector?.("p[data-brief]");
    if (word) setTimeout(() => word.remove(), 4000);
  });
  document.addEventListener("htmx:sseMessage", ready);
  // Only what is new comes into a list of messages, and only what changed is drawn anew: a screen reader says that much,
  // and who stands in the list with the keyboard stays there.
  const source = new WeakMap();
  const note = (one) => { source.set(one, one.outerHTML); return one; };
  walls().forEach((wall) => [...wall.children].forEach(note));
  const merge = (wall, html) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const focus = document.activeElement?.id;
    [...wall.children].forEach((one) => fresh.content.getElementById(one.id) || one.remove());
    const old = new Map([...wall.children].map((one) => [one.id, one]));
    let at = wall.firstElementChild;
    for (const one of [...fresh.content.children]) {
      const known = old.get(one.id);
      if (known && source.get(known) === one.outerHTML) {
        if (known === at) at = at.nextElementSibling; else wall.insertBefore(known, at);
        continue;
      }
      wall.insertBefore(note(one), at);
      if (known === at) at = at?.nextElementSibling ?? null;
      known?.remove();
      htmx.process(one);
    }
    if (focus && document.activeElement === document.body) document.getElementById(focus)?.focus({ preventScroll: true });
  };
  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    if (!event.target.matches?.(".wall")) return;
    event.preventDefault();
    merge(event.target, event.detail.data);
    ready();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (!event.detail.successful) return;
    if (form.matches?.("form[data-empties]")) form.reset();
    // A menu is done with once something of it was chosen.
    const menu = form.closest?.(".foot details[open]");
    if (menu && menu !== form) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });
  // A page that is left lets go of its stream: a browser opens six connections to one place, and keeps pages back.
  const streams = [];
  htmx.createEventSource = (url) => {
    const stream = new EventSource(url);
    streams.push(stream);
    // Another school is shown now.
    stream.addEventListener("fresh", (event) => location.assign(event.data));
    return stream;
  };
  addEventListener("pagehide", () => streams.splice(0).forEach((stream) => stream.close()));
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("load", ready);
})();
