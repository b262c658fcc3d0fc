// Puts the cursor into the field of the search page.
document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("article form.bd-search input, .bd-search-container form.bd-search input");
  if (field && document.getElementById("search-results")) { field.focus(); field.select(); }
});
