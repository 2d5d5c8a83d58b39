// Sets the theme and text size before the first paint. The host leaves the saved look in
// `__confidantLook`; without it the system's own colours are followed.
(function () {
  var look = window.__confidantLook || {};
  var root = document.documentElement;
  var dark =
    look.theme === "dark" || (look.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-theme", dark ? "dark" : "light");
  if (look.textSize >= 90 && look.textSize <= 150) root.style.fontSize = look.textSize + "%";
})();
