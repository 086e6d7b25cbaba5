// bars.js — the marks of all charts: bars with 95 % intervals on one shared scale. Places are per cents of the width, so that a bar
// fits any column, screen or sheet without being drawn again.
import { max } from "d3-array";
import { scaleLinear } from "d3-scale";
import { create } from "d3-selection";

/* bar_scale — share to per cent of the width, from 0 to the end of the highest interval. */
export function bar_scale(figures) {
    return scaleLinear()
        .domain([0, max(figures, (f) => f.high) || 1])
        .range([0, 100]);
}

export const bar_ticks = (scale) => scale.ticks(4).filter((tick) => tick > 0);

const percent = (x) => `${Math.round(x * 100) / 100}%`;

// An end beyond the scale is cut off, and gets no cap: the line runs out of the picture.
function interval(svg, place, low, high, middle, most) {
    const line = (x1, x2, y1, y2) =>
        svg.append("line").attr("class", "whisker").attr("x1", percent(x1)).attr("x2", percent(x2)).attr("y1", y1).attr("y2", y2);
    line(place(low), place(high), middle, middle);
    for (const end of [low, high]) if (end <= most) line(place(end), place(end), middle - 3, middle + 3);
}

/* bar — a bar from left, or from right where mirrored. `line`: a share to draw a dashed line at, or null. */
export function bar(f, scale, { tone, height = 22, thick = 12, mirrored = false, line = null }) {
    const place = (share) => (mirrored ? 100 - scale(share) : scale(share));
    const svg = create("svg")
        .attr("class", `bar ${tone}`)
        .attr("width", "100%")
        .attr("height", height)
        .attr("aria-hidden", "true")
        .attr("focusable", "false");
    if (line !== null)
        svg.append("line")
            .attr("class", "reference")
            .attr("x1", percent(place(line)))
            .attr("x2", percent(place(line)))
            .attr("y1", 0)
            .attr("y2", height);
    svg.append("rect")
        .attr("x", percent(mirrored ? place(f.share) : 0))
        .attr("width", percent(scale(f.share)))
        .attr("y", (height - thick) / 2)
        .attr("height", thick)
        .attr("rx", 1);
    if (f.high > 0) interval(svg, place, f.low, f.high, height / 2, scale.domain()[1]);
    return svg.node();
}

/* stack — parts of a whole side by side. parts: [{tone, share}] */
export function stack(parts, height) {
    const svg = create("svg")
        .attr("class", "stack")
        .attr("width", "100%")
        .attr("height", height)
        .attr("aria-hidden", "true")
        .attr("focusable", "false");
    let x = 0;
    const placed = parts.map((part) => ({ ...part, x: (x += part.share * 100) - part.share * 100 }));
    svg.selectAll("rect")
        .data(placed)
        .join("rect")
        .attr("class", (d) => d.tone)
        .attr("x", (d) => percent(d.x))
        .attr("width", (d) => percent(d.share * 100))
        .attr("height", height);
    return svg.node();
}
