// Search, sort and filter in tables. The report is whole without it.
"use strict";
(function () {
  var said = postmortemWords;
  var order = new Intl.Collator(document.documentElement.lang,
    { numeric: true });

  // A text of the report's language, its {names} filled.
  function say(key, values) {
    return said[key].replace(/\{([a-z]+)\}/g, function (all, name) {
      return values[name];
    });
  }

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
        ? say("rows", { shown: count, all: rows.length }) : "";
    }
    box.className = "find";
    label.textContent = said.filter + " ";
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
    return number ? Number(text.replace(/[^0-9-]/g, "")) : text;
  }

  function sortBy(table, heading, column) {
    var number = heading.classList.contains("n");
    var down = heading.getAttribute("aria-sort") === "ascending";
    var rows = rowsOf(table).map(function (row, i) {
      return { row: row, at: i, value: valueOf(row, column, number) };
    });
    rows.sort(function (a, b) {
      var sign = number ? a.value - b.value
        : order.compare(a.value, b.value);
      return (down ? -sign : sign) || a.at - b.at;
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

  // Search over all: the pieces of the index are loaded at once, a few at a
  // time; each is a string of rows, below a line that names their file.
  function addSearch(place) {
    var pieces = Number(place.getAttribute("data-pieces"));
    var texts = [], asked = 0, here = 0, waiting = 0, SHOWN = 200, AHEAD = 4;
    var label = document.createElement("label");
    var input = document.createElement("input");
    var told = document.createElement("output");
    var list = document.createElement("ol");
    var box = document.createElement("p");

    function load() {
      var script;
      while (asked < pieces && asked - here < AHEAD) {
        script = document.createElement("script");
        script.src = "search-" + (++asked) + ".js";
        document.head.appendChild(script);
      }
    }
    window.postmortemRows = function (number, text) {
      texts[number - 1] = text;
      here++;
      load();
      if (here === pieces || here % 8 === 1) apply();
    };
    // The longest word leads; a row that has it must have the others.
    function found(words, use) {
      var lead = words.reduce(function (a, b) {
        return b.length > a.length ? b : a;
      });
      var pattern = new RegExp(lead.replace(/[^a-z0-9]/g, function (c) {
        return c.charCodeAt(0) < 128 ? "\\" + c : c;
      }).replace(/\\ /g, " "), "gi");
      texts.forEach(function (text) {
        var start, end, row, lowered;
        pattern.lastIndex = 0;
        while (pattern.test(text)) {
          start = text.lastIndexOf("\n", pattern.lastIndex - 1) + 1;
          end = text.indexOf("\n", pattern.lastIndex - 1);
          pattern.lastIndex = end;
          if (text[start] === "@") continue;
          if (words.length > 1) {
            row = text.slice(start, end);
            lowered = row.toLowerCase();
            if (!words.every(function (w) {
              return lowered.indexOf(w) >= 0;
            })) continue;
          }
          use(text, start, end);
        }
      });
    }
    function fieldsOf(text, start, end) {
      var fields = text.slice(start, end).split("\t");
      var at = text[start] === "@" ? start
        : text.lastIndexOf("\n@", start) + 1;
      fields[0] = text.slice(at + 1, text.indexOf("\n", at)) + "#" +
        fields[0];
      return fields;
    }
    function item(fields) {
      var one = document.createElement("li");
      var link = document.createElement("a");
      var more = document.createElement("span");
      link.href = fields[0];
      link.textContent = fields[1];
      more.className = "more";
      more.textContent = fields[2];
      one.appendChild(link);
      one.appendChild(more);
      return one;
    }
    function apply() {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var count = 0;
      list.textContent = "";
      if (words.length === 0) {
        told.textContent = "";
        return;
      }
      found(words, function (text, start, end) {
        if (count++ < SHOWN)
          list.appendChild(item(fieldsOf(text, start, end)));
      });
      told.textContent = say(count === 1 ? "found_one" : "found",
        { n: count }) +
        (count > SHOWN ? say("first", { n: SHOWN }) : "") +
        (here < pieces ? said.loading : "");
    }

    box.className = "find";
    label.textContent = said.search + " ";
    input.type = "search";
    input.name = "search";
    input.autocomplete = "off";
    label.appendChild(input);
    box.appendChild(label);
    box.appendChild(told);
    place.appendChild(box);
    place.appendChild(list);
    document.querySelector(".off").remove();
    input.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 120);
    });
    load();
  }

  // A drawing over time at another scale: what has a place in time (data-t,
  // data-u: seconds) is put where it belongs, the rest stays.
  function addZoom(svg) {
    var whole = { from: Number(svg.getAttribute("data-from")),
      to: Number(svg.getAttribute("data-to")) };
    var left = Number(svg.getAttribute("data-left"));
    var right = Number(svg.getAttribute("data-right"));
    var shown = { from: whole.from, to: whole.to };
    var marks = Array.prototype.slice.call(
      svg.querySelectorAll("[data-t]"));
    var ticks = svg.querySelector(".ticks");
    var line = ticks.querySelector("line");
    var top = line.getAttribute("y1"), bottom = line.getAttribute("y2");
    var steps = [86400 * 28, 86400 * 7, 86400, 21600, 7200, 3600, 900, 300,
      60];
    var bar = document.createElement("p");
    var told = document.createElement("output");

    function place(t) {
      return left + (t - shown.from) / (shown.to - shown.from) *
        (right - left);
    }
    function iso(t) {
      return new Date(t * 1000).toISOString().slice(0, 16).replace("T", " ");
    }
    function draw() {
      marks.forEach(function (mark) {
        var t = Number(mark.getAttribute("data-t"));
        var u = Number(mark.getAttribute("data-u"));
        var x = Math.max(place(t), left), end = Math.min(place(u), right);
        var out = u < shown.from || t > shown.to;
        mark.setAttribute("class", mark.getAttribute("class")
          .replace(" out", "") + (out ? " out" : ""));
        if (out) return;
        mark.setAttribute("x", x);
        mark.setAttribute("width", Math.max(end - x, 2));
      });
      drawTicks();
      told.textContent = say("span",
        { from: iso(shown.from), to: iso(shown.to) });
    }
    function drawTicks() {
      var step = steps.filter(function (s) {
        return (shown.to - shown.from) / s <= 10;
      }).pop() || steps[0];
      var t = Math.ceil(shown.from / step) * step;
      ticks.textContent = "";
      for (; t < shown.to; t += step)
        if (place(t) < right - 60) oneTick(t, step);
    }
    function oneTick(t, step) {
      var name = "http://www.w3.org/2000/svg";
      var mark = document.createElementNS(name, "line");
      var text = document.createElementNS(name, "text");
      mark.setAttribute("class", "rule");
      mark.setAttribute("x1", place(t));
      mark.setAttribute("x2", place(t));
      mark.setAttribute("y1", top);
      mark.setAttribute("y2", bottom);
      text.setAttribute("class", "soft");
      text.setAttribute("x", place(t) + 3);
      text.setAttribute("y", Number(bottom) + 10);
      text.textContent = step < 86400 ? iso(t).slice(5)
        : iso(t).slice(0, 10);
      ticks.appendChild(mark);
      ticks.appendChild(text);
    }
    function move(factor, shift) {
      var span = shown.to - shown.from;
      var middle = (shown.from + shown.to) / 2 + span * shift;
      span = Math.min(Math.max(span * factor, 600), whole.to - whole.from);
      middle = Math.min(Math.max(middle, whole.from + span / 2),
        whole.to - span / 2);
      shown = { from: middle - span / 2, to: middle + span / 2 };
      draw();
    }
    [["zoom_in", 0.5, 0], ["zoom_out", 2, 0], ["earlier", 1, -0.5],
      ["later", 1, 0.5], ["whole", 1e9, 0]].forEach(function (one) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = said[one[0]];
      button.addEventListener("click", function () {
        move(one[1], one[2]);
      });
      bar.appendChild(button);
    });
    bar.className = "zoom";
    bar.appendChild(told);
    svg.closest("figure").insertBefore(bar,
      svg.closest("figure").firstChild);
  }

  Array.prototype.forEach.call(
    document.querySelectorAll("svg[data-from]"), addZoom);
  Array.prototype.forEach.call(document.querySelectorAll("table.rows"),
    function (table) {
      var count = table.tBodies[0].rows.length;
      if (count > 20) addFilter(table);
      if (count > 1) addSort(table);
    });
  if (document.getElementById("search"))
    addSearch(document.getElementById("search"));
})();
