// Runs before the first paint: a chosen theme must not flash the other one. The choices
// stand in a cookie such as "dark.keys-off", which prepsite/content/display.py writes too.
const THEMES = ["auto", "dark", "light"];

const display = (() => {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("display="));
  const [theme, keys] = (cookie ?? "").slice("display=".length).split(".");
  return { theme: THEMES.includes(theme) ? theme : "auto", shortcuts: keys !== "keys-off" };
})();

const keepDisplay = () => {
  const untouched = display.theme === "auto" && display.shortcuts;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie =
    `display=${display.theme}.${display.shortcuts ? "keys-on" : "keys-off"}; path=/; ` +
    `max-age=${untouched ? 0 : 365 * 24 * 3600}; samesite=lax${secure}`;
};

if (display.theme === "auto") {
  delete document.documentElement.dataset.theme;
} else {
  document.documentElement.dataset.theme = display.theme;
}
