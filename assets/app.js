// Pages work without this file; it starts NHS.UK components and tells people what htmx changed or failed to change.
import { initAll } from "./nhsuk-frontend.min.js";

initAll();

let inside = false;
document.addEventListener("htmx:before:swap", (event) => {
  inside = event.detail.ctx.target.contains(document.activeElement);
});
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx.target;
  const fresh = target.isConnected ? target : document.getElementById(target.id);
  if (!fresh) return;
  initAll({ scope: fresh, onError: () => {} }); // what was there before works already
  // The control that was used may be gone with the old part: focus goes to the new part, not to the top of the page.
  // A part that the server renewed takes no focus that was not in it.
  if (inside && document.activeElement === document.body) {
    fresh.tabIndex = -1;
    fresh.focus({ preventScroll: true });
  }
});

const trouble = document.getElementById("trouble");
const say = (text) => { trouble.textContent = text; };
document.addEventListener("htmx:before:request", () => say(""));
document.addEventListener("htmx:response:error", (event) => {
  // 401 carries the address of the sign-in page, where the browser is already going.
  if (event.detail.ctx.response.status === 401) return;
  say("Sorry, there is a problem with the service and this page was not brought up to date. Reload the page and try again.");
});
document.addEventListener("htmx:error", () => say("Sorry, the service could not be reached. Check your connection and try again."));

// A form that is not answered at once says that it is at work, and for how long: the server tells nothing before it is
// done, so no bar is drawn that would only pretend to know how much is left.
const working = document.getElementById("working");
const patience = 400, second = 1000;
let begins, ticks;
const rest = () => {
  clearTimeout(begins);
  clearInterval(ticks);
  working.replaceChildren();
};
const work = (text) => {
  const said = document.createElement("span");
  const time = document.createElement("span");
  said.textContent = text;
  time.ariaHidden = "true"; // a clock that is read out each second would drown the words
  working.replaceChildren(said, " ", time);
  let passed = 1;
  ticks = setInterval(() => { time.textContent = `${passed += 1} seconds so far.`; }, second);
};
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return; // htmx sends it, and the page stays
  rest();
  begins = setTimeout(work, patience, event.target.dataset.working || "Working. Please wait.");
});
addEventListener("pageshow", rest); // a page that comes back out of the browser's memory waits for nothing

// A filter left empty need not stand in the address.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches(".app-filter__form, .app-search")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// Without this file a list has one empty box at a time; with it there are as many as people ask for.
for (const list of document.querySelectorAll("[data-more]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small";
  button.textContent = `Add another ${list.dataset.more}`;
  button.addEventListener("click", () => {
    const boxes = list.querySelectorAll(".app-entry");
    const entry = boxes[boxes.length - 1].cloneNode(true);
    const box = entry.querySelector("textarea");
    box.id = entry.querySelector("label").htmlFor = `${box.name}-${boxes.length + 1}`;
    box.value = "";
    boxes[boxes.length - 1].after(entry);
    box.focus();
  });
  list.append(button);
}

// The level of what is being chosen, as the matrix of the page has it.
const chosen = document.getElementById("chosen");
const showLevel = () => {
  const severity = document.querySelector("input[name=severity]:checked")?.value;
  const likelihood = document.querySelector("input[name=likelihood]:checked")?.value;
  for (const cell of document.querySelectorAll("[data-cell]")) {
    const here = cell.dataset.cell === `${severity} ${likelihood}`;
    cell.classList.toggle("app-matrix__chosen", here);
    if (here) chosen.textContent = `Your choice makes risk level ${cell.dataset.level}.`;
  }
};
if (chosen) {
  showLevel();
  document.addEventListener("change", showLevel);
}

// A live part is fetched again when the server says that what it shows has changed, as long as somebody can see it:
// a page in the background would take one of the few connections that a browser opens to a host.
const live = document.querySelector("[data-live]");
if (live) {
  const seconds = 1000;
  let stream, again;
  const refresh = () => live.dispatchEvent(new Event("changed"));
  const close = () => {
    clearTimeout(again);
    stream?.close();
  };
  const open = () => {
    close();
    if (document.hidden) return;
    stream = new EventSource(live.dataset.events);
    stream.addEventListener(live.dataset.live, refresh);
    stream.addEventListener("superseded", close);
    stream.addEventListener("session-ended", end);
    stream.addEventListener("error", () => {
      // A browser comes back by itself to a server that went away, and not to one that refused. Whoever is signed out
      // is led to sign in by the answer to the refresh.
      if (stream.readyState !== EventSource.CLOSED) return;
      refresh();
      again = setTimeout(open, 10 * seconds);
    });
  };
  const end = () => {
    close();
    document.removeEventListener("visibilitychange", open);
    const words = document.getElementById("session-ended").content.cloneNode(true);
    const heading = words.querySelector("h1");
    document.title = document.title.replace(/^.* - /, `${heading.textContent} - `);
    document.getElementById("maincontent").replaceChildren(words);
    heading.focus();
  };
  document.addEventListener("visibilitychange", open);
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
}

// Of two texts to merge, what somebody writes into the box is what they want.
document.addEventListener("input", (event) => {
  const box = document.getElementById(`${event.target.name}-take-box`);
  if (box) box.checked = true;
});

// What is typed into a form that keeps drafts outlives the session: it is sent after a pause, and offered when the form
// is opened again. A form that asks for a password is never one of them, whatever its page says, and of one with a file
// only the text is kept. A form that stands on another page than its own says itself whose draft it is.
const drafted = [...document.querySelectorAll("form[data-drafts], main[data-drafts] form[method=post]:not([action])")]
  .find((form) => !form.querySelector("[type=password], [autocomplete=one-time-code]"));
if (drafted) {
  const keeper = drafted.closest("[data-drafts]");
  const pause = 1500;
  const note = document.createElement("p");
  note.className = "nhsuk-body-s app-muted";
  note.setAttribute("role", "status");
  drafted.append(note);
  let waiting, sending = new AbortController();
  const keep = async () => {
    clearTimeout(waiting);
    waiting = undefined;
    sending.abort();
    sending = new AbortController();
    const typed = [...new FormData(drafted)].filter(([, value]) => typeof value === "string");
    const form = new URLSearchParams(typed).toString();
    try {
      const answer = await fetch(keeper.dataset.drafts, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json" },
        body: JSON.stringify({ path: keeper.dataset.path, form }),
        keepalive: form.length < 50000, // browsers let no more than 64 KiB outlive a page
        signal: sending.signal,
      });
      const now = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      if (answer.ok) note.textContent = `What you typed was kept at ${now}. It is not saved yet.`;
      if (answer.status === 401) note.textContent = "Your session has ended. Save now: you are asked to sign in, and what you typed stays.";
    } catch {
      // It is sent again after the next pause.
    }
  };
  drafted.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, pause);
  });
  drafted.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = undefined;
    sending.abort();
  });
  addEventListener("pagehide", () => {
    if (waiting) keep();
  });
}
