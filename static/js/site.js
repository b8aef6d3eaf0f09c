// Everything here makes a page that works without it more comfortable. How pages look,
// display and keepDisplay(), comes from theme.js.

// --- Theme: as the system has it, dark, light ---------------------------------------

const themeToggle = document.querySelector("[data-theme-toggle]");

const showTheme = (theme) => {
  if (theme === "auto") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  themeToggle.textContent = `Theme: ${theme}`;
};

if (themeToggle) {
  themeToggle.hidden = false;
  showTheme(display.theme);
  themeToggle.addEventListener("click", () => {
    display.theme = THEMES[(THEMES.indexOf(display.theme) + 1) % THEMES.length];
    keepDisplay();
    showTheme(display.theme);
  });
}

// --- Shortcuts of a question: 1 to 4 choose, Enter checks or goes on -----------------

const showShortcuts = () => {
  for (const box of document.querySelectorAll("[data-shortcuts]")) {
    const on = display.shortcuts;
    box.hidden = false;
    box.querySelector("[data-shortcuts-help]").hidden = !on;
    box.querySelector("button").textContent = on ? "Turn shortcuts off" : "Turn shortcuts on";
  }
};

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcuts] button")) {
    display.shortcuts = !display.shortcuts;
    keepDisplay();
    showShortcuts();
  }
});

document.addEventListener("keydown", (event) => {
  if (!display.shortcuts || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  const radio = event.target.closest('input[type="radio"]');
  if (event.target.closest("input, select, textarea") && !radio) return;

  const form = document.querySelector("form[data-answer]");
  if (form && /^[1-4]$/.test(event.key)) {
    const choice = form.querySelectorAll('input[type="radio"]')[Number(event.key) - 1];
    choice.checked = true;
    choice.focus();
    event.preventDefault();
  } else if (event.key === "Enter" && !event.target.closest("a, button, summary")) {
    const next = document.querySelector("[data-next]");
    if (form && !radio) {
      form.requestSubmit();
      event.preventDefault();
    } else if (!form && next) {
      next.click();
      event.preventDefault();
    }
  }
});

// --- How long a question is looked at: sent along with its answer --------------------

let shownAt = performance.now();

// Before htmx reads the form, hence while the event goes down.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("[data-millis]");
  if (field) field.value = Math.round(performance.now() - shownAt);
}, true);

// --- What htmx brought in: focus moves there, and the live region says it ------------

const announce = (text) => {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
};

document.addEventListener("htmx:afterSettle", () => {
  shownAt = performance.now();
  showShortcuts();
  document.querySelector("#slot [data-focus]")?.focus();
  announce(document.querySelector("[data-announce]")?.dataset.announce ?? "");
});

// --- A lost connection: the choice stays, and Check sends it again -------------------

const showNetError = () => {
  const box = document.querySelector("[data-net-error]");
  if (!box) return;
  box.hidden = false;
  announce(box.textContent.trim());
};

document.addEventListener("htmx:sendError", showNetError);
document.addEventListener("htmx:timeout", showNetError);
document.addEventListener("htmx:responseError", (event) => {
  // The session is not this browser's any more: the page that says so explains it.
  if (event.detail.xhr.status === 404) window.location.reload();
  else showNetError();
});
document.addEventListener("htmx:beforeRequest", () => {
  const box = document.querySelector("[data-net-error]");
  if (box) box.hidden = true;
});

showShortcuts();
