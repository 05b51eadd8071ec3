// The little that htmx does not do: chats stay at their newest message, a choice sends its form, alerts open as
// dialogues, and short answers go by themselves.
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
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-go]")) location.href = event.target.value;
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
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (event.detail.successful && form.matches?.("form[data-empties]")) form.reset();
  });
  // A page that is left lets go of its stream: a browser opens six connections to one place, and keeps pages back.
  const streams = [];
  htmx.createEventSource = (url) => {
    const stream = new EventSource(url);
    streams.push(stream);
    return stream;
  };
  addEventListener("pagehide", () => streams.splice(0).forEach((stream) => stream.close()));
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("load", ready);
})();
