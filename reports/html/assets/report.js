// Search, sort and filter in tables. The report is whole without it.
"use strict";
(function () {
  var english = new Intl.Collator("en", { numeric: true });

  function rowsOf(table) {
    return Array.prototype.slice.call(table.tBodies[0].rows);
  }

  function addFilter(table) {
    var box = document.createElement("p");
    var label = document.createElement("label");
    var input = document.createElement("input");
    var shown = document.createElement("output");
    var rows = rowsOf(table), texts = null, waiting = 0;
    function apply() {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var count = 0;
      texts = texts || rows.map(function (row) {
        return row.textContent.toLowerCase();
      });
      rows.forEach(function (row, i) {
        var hit = words.every(function (word) {
          return texts[i].indexOf(word) >= 0;
        });
        row.hidden = !hit;
        count += hit ? 1 : 0;
      });
      shown.textContent = words.length
        ? count + " of " + rows.length + " rows" : "";
    }
    box.className = "find";
    label.textContent = "Show rows with ";
    input.type = "search";
    input.name = "filter";
    input.autocomplete = "off";
    label.appendChild(input);
    box.appendChild(label);
    box.appendChild(shown);
    input.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(apply, rows.length > 500 ? 120 : 0);
    });
    table.parentNode.parentNode.insertBefore(box, table.parentNode);
  }

  function valueOf(row, column, number) {
    var text = row.cells[column].textContent;
    return number ? Number(text.replace(/,/g, "")) : text;
  }

  function sortBy(table, heading, column) {
    var number = heading.classList.contains("n");
    var down = heading.getAttribute("aria-sort") === "ascending";
    var rows = rowsOf(table).map(function (row, i) {
      return { row: row, at: i, value: valueOf(row, column, number) };
    });
    rows.sort(function (a, b) {
      var order = number ? a.value - b.value
        : english.compare(a.value, b.value);
      return (down ? -order : order) || a.at - b.at;
    });
    rows.forEach(function (one) { table.tBodies[0].appendChild(one.row); });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) {
      cell.removeAttribute("aria-sort");
    });
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  function addSort(table) {
    Array.prototype.forEach.call(table.tHead.rows[0].cells,
      function (heading, i) {
        var button = document.createElement("button");
        button.type = "button";
        button.textContent = heading.textContent;
        heading.textContent = "";
        heading.appendChild(button);
        button.addEventListener("click", function () {
          sortBy(table, heading, i);
        });
      });
  }

  Array.prototype.forEach.call(document.querySelectorAll("table.rows"),
    function (table) {
      var count = table.tBodies[0].rows.length;
      if (count > 20) addFilter(table);
      if (count > 1) addSort(table);
    });
})();
