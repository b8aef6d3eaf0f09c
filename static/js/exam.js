// A mock exam: saves each choice at once, keeps what could not be sent, shows the time.
// Runs only on the mock's pages, where every button works without it too.

(() => {
  const exam = document.querySelector("[data-exam]");
  const form = document.querySelector("form#slot-form[method=post]");
  const url = exam.dataset.url;
  const slot = exam.dataset.slot;
  const KEEP = `exam.${exam.dataset.exam}`;
  const WAITS = [1, 2, 4, 8, 15, 30];
  const PATIENCE = 2_000;
  const TIMEOUT = 20_000;
  const ANNOUNCED = [30, 15, 5, 1];

  const state = exam.querySelector("[data-state]");
  const trouble = exam.querySelector("[data-trouble]");
  const sayBox = exam.querySelector("[data-say]");
  const show = (text, waiting = false) => {
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle("is-waiting", waiting);
  };
  const tell = (text) => {
    trouble.textContent = text;
    trouble.hidden = false;
  };

  // --- What is still to be sent: in the browser's storage, shared by its tabs ----------
  // One entry for each question, its whole state as it was said last. The browser counts
  // its saves of this mock over all tabs, so the server knows a late one when it comes.

  let memory = null;
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEEP)) ?? memory ?? {};
    } catch {
      return memory ?? {};
    }
  };
  const write = (change) => {
    const kept = { tab: crypto.getRandomValues(new Uint32Array(2)).join("-"), counter: 0, waiting: {}, ...read() };
    const result = change(kept);
    memory = kept;
    try {
      localStorage.setItem(KEEP, JSON.stringify(kept));
    } catch {
      // Without storage the entries live as long as the page.
    }
    return result;
  };
  const waiting = () => Object.values(read().waiting ?? {}).sort((a, b) => a.counter - b.counter);

  const csrf = () => {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return cookie?.slice("csrftoken=".length) ?? "";
  };

  // --- Sending: one at a time, again and again until the server has answered -----------

  let failures = 0;
  let retry = 0;
  let sending = null;
  let left = null;

  const post = (address, fields) => {
    const body = new URLSearchParams({ fragment: "1" });
    for (const [name, value] of fields) body.append(name, value);
    return fetch(address, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": csrf() },
      keepalive: true,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
  };

  const answerOf = async (response) => {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("p") ?? page.body;
  };

  const done = (entry) =>
    write((kept) => {
      if (kept.waiting[entry.slot]?.counter === entry.counter) delete kept.waiting[entry.slot];
    });

  const take = ({ dataset }) => {
    for (const name of ["answered", "flagged"]) {
      const place = exam.querySelector(`[data-${name}]`);
      if (name in dataset && place) place.textContent = dataset[name];
    }
    if (dataset.left !== undefined) setClock(Number(dataset.left));
  };

  // Send one entry; tell whether the server has settled it, for good or ill.
  const sendOne = async (entry) => {
    const fields = [...entry.fields, ["tab", entry.tab], ["counter", entry.counter], ["spent", entry.spent]];
    const response = await post(entry.url, fields);
    if (response.ok) {
      take(await answerOf(response));
    } else if ([404, 409, 422].includes(response.status)) {
      const said = await answerOf(response);
      tell(response.status === 404
        ? "This mock is not open in this browser any more: you signed in or out, or it was erased. What you chose since is not saved."
        : said.textContent);
    } else {
      throw new Error(`status ${response.status}`);
    }
    done(entry);
  };

  const sendAll = async () => {
    clearTimeout(retry);
    try {
      for (let entry; (entry = waiting()[0]);) {
        show("Saving…");
        await sendOne(entry);
      }
      if (failures || state.textContent === "Saving…") show(trouble.hidden ? "Saved" : "");
      failures = 0;
      return true;
    } catch {
      show("Not saved yet: will be sent when the connection is back", true);
      retry = setTimeout(flush, 1000 * WAITS[Math.min(failures, WAITS.length - 1)]);
      failures += 1;
      return false;
    }
  };

  // Resolves to whether everything is sent. Calls while it goes on share its result.
  const flush = () => {
    sending ??= sendAll().finally(() => {
      sending = null;
    });
    return sending;
  };

  addEventListener("online", flush);

  // --- The time spent looking at the question -------------------------------------------

  let lookedSince = document.visibilityState === "visible" ? performance.now() : null;
  let spent = 0;
  const takeSpent = () => {
    if (lookedSince !== null) {
      const now = performance.now();
      spent += now - lookedSince;
      lookedSince = now;
    }
    const whole = Math.round(spent);
    spent = 0;
    return whole;
  };

  // Tell the server the time alone: never a choice, which another tab may have changed.
  const tellTime = () => {
    if (!url || ended) return;
    const whole = takeSpent();
    if (whole < 500) {
      spent += whole;
      return;
    }
    const body = new FormData();
    const fields = { csrfmiddlewaretoken: csrf(), look: "1", fragment: "1", spent: whole };
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    navigator.sendBeacon(url, body);
  };

  addEventListener("pagehide", tellTime);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      tellTime();
      lookedSince = null;
    } else {
      lookedSince = performance.now();
      askTime();
      flush();
    }
  });

  // --- Saving -----------------------------------------------------------------------------

  const FIELDS = ["choice", "flagged", "struck"];
  const save = (withNote = false) => {
    const fields = [...new FormData(form)].filter(
      ([name]) => FIELDS.includes(name) || (withNote && name === "note"));
    write((kept) => {
      kept.counter += 1;
      const before = kept.waiting[slot];
      // A note that still waits is not forgotten by a choice that follows it.
      const note = before?.fields.find(([name]) => name === "note");
      if (note && !withNote) fields.push(note);
      kept.waiting[slot] = {
        slot, url, fields, tab: kept.tab, counter: kept.counter,
        spent: takeSpent() + (before?.spent ?? 0),
      };
    });
    if (withNote) form.elements.note.defaultValue = form.elements.note.value;
    show("Saving…");
    markPalette();
    flush();
  };

  const markPalette = () => {
    const button = document.querySelector('.palette [aria-current="true"]');
    if (!button) return;
    const answered = Boolean(form.querySelector('[name="choice"]:checked'));
    const flagged = form.elements.flagged.checked;
    button.classList.toggle("is-answered", answered);
    button.classList.toggle("is-flagged", flagged);
    button.querySelector("span").textContent =
      (answered ? ", answered" : ", unanswered") + (flagged ? ", flagged" : "");
  };

  // Show what waits, or what another tab of this browser has said about this question.
  const showWaiting = (entry) => {
    if (!entry) return;
    const all = (name) => entry.fields.filter(([key]) => key === name).map(([, value]) => value);
    for (const box of form.querySelectorAll('[name="choice"], [name="struck"], [name="flagged"]')) {
      box.checked = all(box.name).includes(box.value);
    }
    const note = all("note");
    if (note.length) form.elements.note.value = note[0];
    markPalette();
  };

  if (form?.elements.flagged) {
    form.addEventListener("change", (event) => save(event.target.name === "note"));
    let typed = 0;
    form.elements.note.addEventListener("input", () => {
      clearTimeout(typed);
      typed = setTimeout(() => save(true), 1_500);
    });
    addEventListener("storage", (event) => {
      if (event.key === KEEP) showWaiting(read().waiting?.[slot]);
    });
    const early = [...form.elements].some((box) => box.checked !== box.defaultChecked);
    // Who was faster than this script is not overruled by what waited.
    if (early) save();
    else showWaiting(read().waiting?.[slot]);
  }

  // --- Going on: when everything is sent, or the server is too slow -----------------------

  let leaving = false;
  const leave = async (go) => {
    if (leaving) return;
    leaving = true;
    const slow = () => new Promise((resolve) => setTimeout(resolve, PATIENCE, "slow"));
    // A page cannot be loaded without a connection either: go on when it is back.
    while ((await Promise.race([flush(), slow()])) === false) {
      tell("The connection is lost. What you chose is kept in this browser; this goes on by itself when the connection is back.");
      await new Promise((resolve) => {
        setTimeout(resolve, 3_000);
        addEventListener("online", resolve, { once: true });
      });
      if (ended) return;
    }
    go();
  };

  addEventListener("pageshow", (event) => {
    leaving = false;
    // A page that the browser kept shows what was, not what is.
    if (event.persisted) location.reload();
  });

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target === form && form.elements.flagged) {
      event.preventDefault();
      if (button?.name === "clear") {
        for (const box of form.querySelectorAll('[name="choice"]')) box.checked = false;
        save();
        return;
      }
      if (form.elements.note.value !== form.elements.note.defaultValue) save(true);
      leave(() => location.assign(addressOf(button)));
    } else if (event.target.matches("[data-submit]")) {
      event.preventDefault();
      leave(() => {
        ended = true;
        event.target.submit();
      });
    }
  });

  // Where a button of the form leads, as the server would say.
  const addressOf = (button) => {
    const base = `/exam/${exam.dataset.exam}/`;
    const query = new URL(form.action).search;
    if (button?.name === "filter") {
      return url + (button.value ? `?show=${button.value}` : "");
    }
    const go = button?.value ?? "next";
    if (go === "review") return `${base}review/`;
    const beside = { next: exam.dataset.after, previous: exam.dataset.before };
    const to = go in beside ? beside[go] : go;
    return to ? `${base}${to}/${query}` : `${base}review/`;
  };

  // --- The clock: the server's seconds, counted by what no wrong date can move -------------

  const clock = exam.querySelector("[data-clock]");
  const toggle = exam.querySelector("[data-clock-toggle]");
  const ends = clock?.textContent;
  let ended = false;
  let zero = null;
  let hidden = false;
  let said = null;

  const setClock = (seconds) => {
    zero = performance.now() + 1000 * seconds;
    tick();
  };

  const inWords = (seconds) => {
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    const rest = String(seconds % 60).padStart(2, "0");
    return hours
      ? `${hours}:${String(minutes).padStart(2, "0")}:${rest} left`
      : `${minutes}:${rest} left`;
  };

  const tick = () => {
    if (zero === null || ended || !clock) return;
    left = Math.max(0, Math.round((zero - performance.now()) / 1000));
    clock.textContent = hidden ? ends : inWords(left);
    clock.parentElement.classList.toggle("is-short", left <= 300);
    // The least mark not yet passed: what was passed before the page opened is not said.
    const mark = ANNOUNCED.filter((minutes) => left <= minutes * 60).at(-1) ?? null;
    if (said !== undefined && mark !== said && said !== "first" && mark !== null) {
      sayBox.textContent = `${mark} minute${mark === 1 ? "" : "s"} left.`;
    }
    said = mark;
    if (left === 0) timeIsUp();
  };

  const timeIsUp = async () => {
    ended = true;
    sayBox.textContent = "Time is up.";
    clock.textContent = "Time is up";
    // Choices made in time may arrive ten seconds later.
    await Promise.race([flush(), new Promise((resolve) => setTimeout(resolve, 9_000))]);
    location.assign(exam.dataset.report);
  };

  // A sleeping computer may stop the counter: ask the server after it.
  const askTime = async () => {
    if (!url || ended) return;
    try {
      const response = await post(url, [["look", "1"], ["spent", takeSpent()]]);
      if (response.ok) take(await answerOf(response));
      else if (response.status === 409) location.assign(exam.dataset.report);
    } catch {
      // The next save brings the time.
    }
  };

  if (clock?.dataset.left) {
    const HIDE = "exam.clock";
    const showToggle = () => {
      toggle.hidden = false;
      toggle.textContent = hidden ? "Show the time" : "Hide the time";
    };
    try {
      hidden = localStorage.getItem(HIDE) === "hidden";
    } catch {
      hidden = false;
    }
    toggle.addEventListener("click", () => {
      hidden = !hidden;
      try {
        localStorage.setItem(HIDE, hidden ? "hidden" : "shown");
      } catch {
        // It lasts as long as the page.
      }
      showToggle();
      tick();
    });
    showToggle();
    said = "first";
    setClock(Number(clock.dataset.left));
    setInterval(tick, 1_000);
  }

  // --- Keys ----------------------------------------------------------------------------------

  const press = (selector) => {
    document.querySelector(selector)?.click();
    return true;
  };

  const choose = (place, strike) => {
    const box = form?.querySelectorAll(strike ? '[name="struck"]' : '[name="choice"]')[place];
    if (!box) return false;
    // Choosing again what is chosen changes nothing; a strike is taken back.
    if (strike || !box.checked) box.click();
    return true;
  };

  const KEYS = {
    n: () => press('[value="next"], [data-go="next"]'),
    p: () => press('[value="previous"], [data-go="previous"]'),
    f: () => press('[name="flagged"]'),
    r: () => press('[value="review"]'),
  };

  document.addEventListener("keydown", (event) => {
    if (!display.shortcuts || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    const field = event.target.closest("input, select, textarea");
    if (field && !["radio", "checkbox"].includes(field.type)) return;
    const digit = /^(?:Digit|Numpad)([1-4])$/.exec(event.code)?.[1];
    let taken = false;
    if (digit) taken = choose(Number(digit) - 1, event.shiftKey);
    else if (event.key === "ArrowRight" && field?.type !== "radio") taken = KEYS.n();
    else if (event.key === "ArrowLeft" && field?.type !== "radio") taken = KEYS.p();
    else if (!event.shiftKey) taken = KEYS[event.key.toLowerCase()]?.();
    if (taken) event.preventDefault();
  });

  flush();
})();
