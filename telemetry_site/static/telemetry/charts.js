// Draws the chart of a page with uPlot, from the JSON that the page carries; all times are UTC.
"use strict";

(() => {
  const FEW_PIXELS = 6;
  const DIGITS = 4;
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const MINUTE = 60;
  const DAY = 86400;

  const two = (number) => String(number).padStart(2, "0");
  const utc = (seconds) => new Date(seconds * 1000);
  const dayOf = (date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  const inUrl = (seconds) => utc(seconds).toISOString().slice(0, 19);

  function clockOf(date, withSeconds) {
    const minutes = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
    return withSeconds ? `${minutes}:${two(date.getUTCSeconds())}` : minutes;
  }

  // "1 Mar 12:00", and to the second only where that tells points apart.
  function momentOf(seconds, period) {
    const date = utc(seconds);
    if (period % DAY === 0 && seconds % DAY === 0) return `${dayOf(date)} ${date.getUTCFullYear()}`;
    return `${dayOf(date)} ${clockOf(date, period % MINUTE || seconds % MINUTE)}`;
  }

  // Times under the axis; the day stands where it changes, the year where that does.
  function timeLabels(plot, splits, axis, space, step) {
    let before = null;
    return splits.map((seconds) => {
      const date = utc(seconds);
      const year = date.getUTCFullYear();
      const newDay = before === null || dayOf(before) !== dayOf(date);
      const newYear = before !== null && before.getUTCFullYear() !== year;
      before = date;
      if (step >= DAY) return newYear ? `${dayOf(date)}\n${year}` : dayOf(date);
      const clock = clockOf(date, step < MINUTE);
      return newDay ? `${clock}\n${dayOf(date)}` : clock;
    });
  }

  function numberLabels(plot, splits) {
    const step = splits.length > 1 ? Math.abs(splits[1] - splits[0]) : 1;
    const behind = Math.min(10, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
    const large = splits.some((value) => Math.abs(value) >= 1e6);
    const format = new Intl.NumberFormat("en", {
      notation: large ? "compact" : "standard",
      minimumFractionDigits: large ? 0 : behind,
      maximumFractionDigits: large ? 2 : behind,
    });
    return splits.map((value) => (value === null ? "" : format.format(value)));
  }

  const shown = new Intl.NumberFormat("en", { maximumSignificantDigits: DIGITS });

  // Shorter holes than the usual distance of the points are none: uPlot draws over undefined.
  function withGaps(line) {
    const values = line.values.slice();
    let last = -1;
    values.forEach((value, place) => {
      if (value === null) return;
      if (last >= 0 && place - last <= line.joined) values.fill(undefined, last + 1, place);
      last = place;
    });
    return values;
  }

  // A point with gaps on both sides would be a line of no length: it gets a dot.
  function lonely(values) {
    const there = values.flatMap((value, place) => (value == null ? [] : [place]));
    const cut = (from, to) => values.slice(from + 1, to).includes(null);
    return there.filter((place, number) => {
      const left = number > 0 && !cut(there[number - 1], place);
      const right = number < there.length - 1 && !cut(place, there[number + 1]);
      return !left && !right;
    });
  }

  // From zero where that does not press the lines flat.
  function valueRange(plot, low, high) {
    if (low === null) return [0, 1];
    const room = (high - low || Math.abs(high) || 1) * 0.08;
    const near = low >= 0 && low <= high * 0.6;
    return [near ? 0 : low - room, high === 0 && low === 0 ? 1 : high + room];
  }

  class Chart {
    constructor(figure) {
      this.figure = figure;
      this.place = figure.querySelector("[data-plot]");
      this.data = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
      this.columns = this.data.lines.map(withGaps);
      this.threshold = figure.querySelector("[data-threshold]");
      this.keys = [...figure.querySelectorAll("[data-line]")];
      this.cells = [...figure.querySelectorAll("[data-value]")];
      this.clock = figure.querySelector("[data-clock]");
      this.idleClock = this.clock.textContent;
      this.hidden = new Set();
    }

    start() {
      this.keys.forEach((key, number) => {
        key.disabled = this.keys.length < 2;
        key.addEventListener("click", () => this.toggle(number));
      });
      this.draw();
      new ResizeObserver(() => this.fit()).observe(this.place);
      document.documentElement.addEventListener("themechange", () => this.draw());
    }

    draw() {
      if (this.plot) this.plot.destroy();
      const { times, threshold } = this.data;
      const level = this.threshold ? [times.map(() => threshold)] : [];
      this.plot = new uPlot(this.options(), [times, ...this.columns, ...level], this.place);
      this.figure.uplot = this.plot;
    }

    size() {
      const width = this.place.clientWidth;
      return { width, height: width < 560 ? 240 : 340 };
    }

    fit() {
      const { width, height } = this.size();
      if (width !== this.plot.width || height !== this.plot.height) {
        this.plot.setSize({ width, height });
      }
    }

    options() {
      const style = getComputedStyle(this.place);
      const font = `12px ${style.fontFamily}`;
      const axis = { stroke: style.color, font, ticks: { show: false } };
      const grid = { stroke: style.borderTopColor, width: 1 };
      return {
        ...this.size(),
        tzDate: (seconds) => uPlot.tzDate(utc(seconds), "Etc/UTC"),
        legend: { show: false },
        padding: [12, 20, 0, 0],
        cursor: {
          y: false,
          points: { size: 8, width: 2 },
          drag: { x: !("fixed" in this.figure.dataset), y: false, setScale: false, dist: FEW_PIXELS },
          bind: { dblclick: () => null },
        },
        scales: { x: { range: [this.data.start, this.data.end] }, y: { range: valueRange } },
        axes: [
          { ...axis, grid: { show: false }, values: timeLabels, space: 76, size: 44 },
          { ...axis, grid, values: numberLabels, space: 44, size: this.axisSize(font), gap: 8 },
        ],
        series: [
          {},
          ...this.data.lines.map((line, number) => this.series(line, number)),
          ...(this.threshold ? [this.level()] : []),
        ],
        hooks: {
          setSelect: [(plot) => this.zoom(plot)],
          setCursor: [(plot) => this.read(plot.cursor.idx)],
        },
      };
    }

    axisSize(font) {
      return (plot, values) => {
        plot.ctx.font = font;
        const widths = (values || []).map((text) => plot.ctx.measureText(text).width);
        return Math.ceil(Math.max(24, ...widths)) + 16;
      };
    }

    series(line, number) {
      const colour = getComputedStyle(this.keys[number].querySelector(".swatch")).color;
      const dots = lonely(this.columns[number]);
      const soft = colour.replace(/^rgb\((.*)\)$/, "rgba($1, 0.09)");
      const alone = this.data.lines.length === 1;
      return {
        label: line.label,
        show: !this.hidden.has(number),
        stroke: colour,
        width: 1.75,
        // An area says "from zero up", so there is none where the axis begins elsewhere.
        fill: alone ? (plot) => (plot.scales.y.min === 0 ? soft : "transparent") : undefined,
        points: { show: false, filter: () => dots, size: 5, fill: colour },
      };
    }

    // The threshold that the lines are held beside.
    level() {
      const stroke = getComputedStyle(this.threshold).color;
      return { label: "Threshold", stroke, width: 1.5, dash: [6, 4], points: { show: false } };
    }

    toggle(number) {
      const on = this.hidden.delete(number);
      if (!on) this.hidden.add(number);
      this.keys[number].setAttribute("aria-pressed", String(on));
      this.plot.setSeries(number + 1, { show: on });
    }

    // What the lines say under the cursor, in the legend.
    read(place) {
      const none = place === null || place === undefined;
      const { times, period, end, lines, unit } = this.data;
      this.cells.forEach((cell, number) => {
        const value = none ? null : lines[number].values[place];
        const text = value === null ? "no data" : `${shown.format(value)} ${unit}`;
        cell.textContent = none ? "" : text;
      });
      if (none) {
        this.clock.textContent = this.idleClock;
      } else {
        const until = Math.min(times[place] + period, end);
        this.clock.textContent = `${momentOf(times[place], period)} – ${momentOf(until, period)} UTC`;
      }
    }

    // What was dragged over becomes the range, in whole periods where they are not too long.
    zoom(plot) {
      const { left, width } = plot.select;
      if (width < FEW_PIXELS) return;
      const { start, end, period } = this.data;
      const from = plot.posToVal(left, "x");
      const to = plot.posToVal(left + width, "x");
      const step = to - from > 4 * period ? period : 1;
      const snap = (value) => start + Math.round((value - start) / step) * step;
      const url = new URL(location);
      for (const name of ["range", "period", "page"]) url.searchParams.delete(name);
      url.searchParams.set("start", inUrl(Math.max(start, snap(from))));
      url.searchParams.set("end", inUrl(Math.min(end, Math.max(snap(to), snap(from) + 1))));
      location.assign(url);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const figure of document.querySelectorAll("[data-chart]")) new Chart(figure).start();
  });
})();
