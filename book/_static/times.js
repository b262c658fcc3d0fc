// Fills the table of times on the colophon from run.js, which stands beside this file.
(function () {
  const place = document.getElementById("run-times");
  if (!place || !window.RUN) return;
  const rows = Object.entries(window.RUN).map(
    ([stage, seconds]) => `<tr><td>${stage}</td><td>${seconds.toFixed(1)}</td></tr>`);
  place.innerHTML = '<table class="compendium right-2"><thead><tr><th>stage</th><th>seconds</th></tr></thead><tbody>'
    + rows.join("") + "</tbody></table>";
})();
