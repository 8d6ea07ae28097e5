// Search, sort and filter. The report is whole without it.
"use strict";
(function () {
  function rowsOf(table) {
    return Array.prototype.slice.call(table.tBodies[0].rows);
  }
  function addFilter(table) {
    var box = document.createElement("p");
    var label = document.createElement("label");
    var input = document.createElement("input");
    var shown = document.createElement("span");
    var rows = rowsOf(table);
    box.className = "find";
    label.textContent = "Show rows with: ";
    input.type = "search";
    label.appendChild(input);
    box.appendChild(label);
    box.appendChild(shown);
    input.addEventListener("input", function () {
      var wanted = input.value.toLowerCase(), count = 0;
      rows.forEach(function (row) {
        var hit = row.textContent.toLowerCase().indexOf(wanted) >= 0;
        row.hidden = !hit;
        count += hit ? 1 : 0;
      });
      shown.textContent = wanted ? " " + count + " of " + rows.length : "";
    });
    table.parentNode.parentNode.insertBefore(box, table.parentNode);
  }
  function sortBy(table, column, number) {
    var down = table.getAttribute("data-sorted") === String(column);
    var rows = rowsOf(table);
    rows.sort(function (a, b) {
      var x = a.cells[column].textContent, y = b.cells[column].textContent;
      var order = number ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
      return down ? -order : order;
    });
    rows.forEach(function (row) { table.tBodies[0].appendChild(row); });
    table.setAttribute("data-sorted", down ? "" : String(column));
  }
  function addSort(table) {
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell, i) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = cell.textContent;
      button.title = "Sort by this column";
      cell.textContent = "";
      cell.appendChild(button);
      button.addEventListener("click", function () {
        sortBy(table, i, cell.className === "n");
      });
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("table.rows"),
    function (table) {
      if (table.tBodies[0].rows.length > 8) addFilter(table);
      addSort(table);
    });
})();
