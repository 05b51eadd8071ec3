// The little that htmx does not do: a chat keeps the messages that stay as they are, and stays at its newest one; a
// choice sends its form or goes to its page, alerts open as dialogues, short answers go by themselves, and the keyboard
// stays near what it was at.
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
  // Where the focus goes when what has it is gone: the nearest thing that stands. Not into a field: a touched screen would
  // raise its keyboard.
  const havens = (one) => {
    const message = one.closest(".wall > li")?.id;
    const phone = one.closest(".phone")?.id;
    return [
      one.id && `#${one.id}`, message && `#${message} button`, message && `#${message}`,
      one.closest(".seen") && `#${phone} nav [aria-current]`, phone && `#${phone} .wall`,
      one.closest(".tour") && ".tour li.now", one.closest(".tour") && "#fresh", one.closest(".top") && ".top .clock",
    ].filter(Boolean);
  };
  const land = (places) => {
    if (document.activeElement && document.activeElement !== document.body) return;
    // What is there and not shown takes no focus.
    const one = places.map((place) => document.querySelector(place)).find((found) => found?.getClientRects().length);
    if (one?.tabIndex < 0) one.tabIndex = -1;
    one?.focus({ preventScroll: true });
  };
  // Until a part of the page is drawn anew: where its focus would go.
  let shelter = [];
  const leaving = (part) => {
    const held = document.activeElement;
    shelter = held && held !== part && part.contains(held) ? havens(held) : [];
  };
  document.addEventListener("htmx:afterSwap", (event) => {
    ready();
    const alert = event.target.querySelector?.("dialog[data-alert]:not([open])");
    if (alert) {
      // The message may be gone already, and the focus with it.
      const phone = event.target.closest(".phone")?.id;
      const places = [...havens(document.activeElement ?? document.body), phone && `#${phone} .wall`].filter(Boolean);
      alert.addEventListener("close", () => {
        // Where there is no way back the focus stays in the alert, for a moment more.
        if (alert.contains(document.activeElement)) document.activeElement.blur();
        land(places);
      });
      alert.showModal();
    }
    const word = event.target.querySelector?.("p[data-brief]");
    if (word) setTimeout(() => word.remove(), 4000);
  });
  document.addEventListener("htmx:sseMessage", () => { ready(); land(shelter); shelter = []; });
  // Only what is new comes into a list of messages, and only what changed is drawn anew: a screen reader says that much,
  // and who stands in the list with the keyboard stays there.
  const source = new WeakMap();
  const note = (one) => { source.set(one, one.outerHTML); return one; };
  walls().forEach((wall) => [...wall.children].forEach(note));
  const merge = (wall, html) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
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
  };
  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    leaving(event.target);
    if (!event.target.matches?.(".wall")) return;
    event.preventDefault();
    merge(event.target, event.detail.data);
    ready();
    land(shelter);
    shelter = [];
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
  // Who goes to another page by the keyboard stands there where it stood here.
  const PLACE = "preau-place";
  document.addEventListener("click", (event) => {
    const one = event.target.closest?.("a[href], #fresh, #fresh-lang");
    // Pressed by a key, it was clicked by no mouse.
    if (one && event.detail === 0) sessionStorage.setItem(PLACE, JSON.stringify(havens(one)));
    else sessionStorage.removeItem(PLACE);
  }, true);
  addEventListener("load", () => {
    const places = sessionStorage.getItem(PLACE);
    sessionStorage.removeItem(PLACE);
    if (places) land(JSON.parse(places));
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
