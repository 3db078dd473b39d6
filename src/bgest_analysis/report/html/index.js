"use strict";
(function () {
  var form = document.getElementById("filtri"), status = document.getElementById("trovati");
  var rows = Array.prototype.slice.call(document.querySelectorAll("#righe tbody tr"));
  function chosen(name) { return form.querySelector("[data-filter=" + name + "]").value; }
  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function filter() {
    var area = chosen("area"), analisi = chosen("analisi"), lingua = chosen("lingua"), shown = 0;
    rows.forEach(function (row) {
      row.hidden = (area && row.dataset.area !== area) || (analisi && row.dataset.analisi !== analisi);
      shown += row.hidden ? 0 : 1;
    });
    each(document.querySelectorAll(".card"), function (card) {
      card.hidden = area && card.dataset.area !== area;
      each(card.querySelectorAll("[data-lingua]"), function (line) {
        line.hidden = lingua && line.dataset.lingua !== lingua;
      });
    });
    status.hidden = false;
    status.textContent = shown + " " + status.dataset.parole;
  }
  function key(row, place) {
    var cell = row.cells[place], value = cell.dataset.v;
    if (value === undefined) { return cell.textContent.trim(); }
    return value === "" ? null : Number(value);
  }
  function compare(a, b) {
    if (a === b) { return 0; }
    if (a === null) { return 1; }
    if (b === null) { return -1; }
    if (typeof a === "number") { return a - b; }
    return a.localeCompare(b, document.documentElement.lang, { numeric: true });
  }
  function sortable(table) {
    each(table.tHead.rows[0].cells, function (head, place) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.title = table.dataset.ordina + " " + head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        each(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var body = table.tBodies[0], lines = Array.prototype.slice.call(body.rows);
        lines.sort(function (a, b) {
          var x = key(a, place), y = key(b, place);
          if (x === null || y === null) { return compare(x, y); }
          return (down ? -1 : 1) * compare(x, y);
        });
        lines.forEach(function (line) { body.appendChild(line); });
      });
    });
  }
  form.hidden = false;
  form.addEventListener("change", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  each(document.querySelectorAll("table.sortable"), sortable);
}());
