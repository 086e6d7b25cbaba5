// segments.js — the values of one segment side by side: bases and sentiment first, then a panel for each reason, all on one scale.
import { descending } from "d3-array";
import { bar, bar_scale, stack } from "./bars.js";
import { LOW_BASE, SENTIMENTS, figure, sentiment } from "./data.js";
import { choice, el, table } from "./dom.js";
import { sentence } from "./reasons.js";

const FIRST_PANELS = 12;
const MORE_VALUES = 24;
const SMALL_BASE = 100;

const low = (cell) => cell.base < LOW_BASE;

function tabs(page) {
    const { model, chosen, say } = page;
    const options = [[null, say.words.total], ...model.segments.map((name) => [name, say.segment(name)])];
    return el(
        "div",
        { class: "tabs control", role: "group", "aria-label": say.words.segment },
        options.map(([name, text]) =>
            el(
                "button",
                {
                    type: "button",
                    "data-key": `segment ${name ?? ""}`,
                    "data-segment": name ?? "",
                    "aria-pressed": String(name === chosen.segment),
                    title: name,
                    on: { click: () => page.set({ segment: name, values: 12, find: "" }, "segments") },
                },
                el("bdi", {}, text),
            ),
        ),
    );
}

/* The cells to draw: all, in the order of the data, or the largest; those whose name holds what was looked for. */
function cells_shown({ model, chosen }) {
    if (chosen.segment === null) return { cells: [model.total], matching: 1 };
    const wanted = chosen.find.trim().toLocaleLowerCase();
    const all = (model.by_segment.get(chosen.segment) ?? []).filter(
        (cell) => wanted === "" || String(cell.value).toLocaleLowerCase().includes(wanted),
    );
    if (all.length <= chosen.values) return { cells: all, matching: all.length };
    return { cells: [...all].sort((a, b) => descending(a.base, b.base)).slice(0, chosen.values), matching: all.length };
}

function items_ranked({ model, chosen }) {
    const poles = chosen.pole === "both" ? ["negative", "positive"] : [chosen.pole];
    return model.reasons
        .flatMap((code) => poles.map((pole) => ({ code, pole, f: figure(model.total, code.id, pole) })))
        .filter(({ f }) => f.n > 0)
        .sort((a, b) => descending(a.f.share, b.f.share));
}

const value_label = (say, cell) => [
    el("bdi", { class: "value-name" }, say.value(cell)),
    low(cell) && el("span", { class: "low-mark" }, "*"),
];

function bases(page, cells) {
    const { say } = page;
    const line = (cell) => {
        const parts = SENTIMENTS.map((tone) => ({ tone, ...sentiment(cell, tone) }));
        const words = parts.map(({ tone, share }) => `${say.words[tone]} ${say.rounded(share)}`).join(", ");
        return el(
            "li",
            { class: `base-line ${low(cell) ? "low" : ""}`, title: `${say.value(cell)}: ${words}` },
            el("span", { class: "value" }, value_label(say, cell)),
            el("span", { class: "n" }, `n\u00a0=\u00a0${say.count(cell.base)}`),
            el("span", { class: "base-stack", role: "img", "aria-label": words }, stack(parts, 14)),
            el(
                "span",
                { class: "ends", "aria-hidden": "true" },
                el("b", { class: "negative" }, say.rounded(parts[0].share)),
                el("b", { class: "positive" }, say.rounded(parts[3].share)),
            ),
        );
    };
    return el(
        "div",
        { class: "bases" },
        el("h3", {}, say.words.bases),
        el(
            "p",
            { class: "keys" },
            SENTIMENTS.map((tone) => el("span", {}, el("span", { class: `key ${tone}`, "aria-hidden": "true" }), say.words[tone])),
        ),
        el("ol", {}, cells.map(line)),
    );
}

function panel_line(page, { code, pole, f: total }, cell, scale, is_total) {
    const { say } = page;
    const f = figure(cell, code.id, pole);
    const label = `${say.value(cell)} (n\u00a0=\u00a0${say.count(cell.base)}): ${sentence(say, f, cell.base)}`;
    return el(
        "li",
        { class: low(cell) && "low" },
        el(
            "button",
            {
                type: "button",
                class: "panel-line",
                "data-key": `${code.id} ${pole} ${cell.index}`,
                "data-share": f.share,
                title: label,
                "aria-label": `${say.pole_name(code, pole)}, ${label}. ${say.words.show_quotes}`,
                on: { click: () => page.quotes(code, pole, cell) },
            },
            el("span", { class: "value" }, value_label(say, cell)),
            el("span", { class: "line-bar" }, bar(f, scale, { tone: pole, line: is_total ? null : total.share })),
            el("b", {}, say.rounded(f.share)),
        ),
    );
}

function panel(page, item, cells, scale) {
    const { say } = page;
    return el(
        "div",
        { class: `panel ${item.pole}` },
        el(
            "h3",
            {},
            el(
                "button",
                {
                    type: "button",
                    class: "panel-title",
                    "data-key": `panel ${item.code.id} ${item.pole}`,
                    title: say.words.show_quotes,
                    on: { click: () => page.quotes(item.code, item.pole) },
                },
                el("bdi", {}, say.pole_name(item.code, item.pole)),
            ),
            el("span", { class: "panel-total" }, `${say.words.total} ${say.rounded(item.f.share)}`),
        ),
        el(
            "ol",
            {},
            cells.map((cell) => panel_line(page, item, cell, scale, false)),
        ),
    );
}

/* The total has one value: its reasons stand under each other instead. */
function total_list(page, items, scale) {
    const { model, say } = page;
    const line = ({ code, pole, f }) => {
        const label = `${say.pole_name(code, pole)}: ${sentence(say, f, model.total.base)}`;
        return el(
            "li",
            {},
            el(
                "button",
                {
                    type: "button",
                    class: "panel-line",
                    "data-key": `${code.id} ${pole}`,
                    "data-share": f.share,
                    title: label,
                    "aria-label": `${label}. ${say.words.show_quotes}`,
                    on: { click: () => page.quotes(code, pole) },
                },
                el("span", { class: "value" }, el("bdi", { class: "value-name" }, say.pole_name(code, pole))),
                el("span", { class: "line-bar" }, bar(f, scale, { tone: pole })),
                el("b", {}, say.rounded(f.share)),
            ),
        );
    };
    return el("div", { class: "panel total-list" }, el("ol", {}, items.map(line)));
}

function charts(page, cells, items, shown) {
    const { chosen } = page;
    if (chosen.segment === null) return [bases(page, cells), total_list(page, shown, bar_scale(shown.map(({ f }) => f)))];
    // Small groups have intervals so wide that they would flatten everybody else's bars: of them only the shares decide the scale, of those
    // under LOW_BASE nothing does; what lies beyond it is cut off.
    const firm = cells.filter((cell) => !low(cell));
    const wanted = shown.flatMap(({ code, pole }) =>
        (firm.length > 0 ? firm : cells).map((cell) => {
            const f = figure(cell, code.id, pole);
            return cell.base < SMALL_BASE ? { high: f.share * 1.1 } : f;
        }),
    );
    const scale = bar_scale(wanted).clamp(true);
    return [
        bases(page, cells),
        el(
            "div",
            { class: "panels" },
            shown.map((item) => panel(page, item, cells, scale)),
        ),
    ];
}

function figures_table({ model, say, chosen }, cells, items) {
    const heads = chosen.segment === null ? cells : [model.total, ...cells];
    const columns = [
        [say.words.reason],
        ...heads.map((cell) => [`${say.value(cell)} (n\u00a0=\u00a0${say.count(cell.base)})${low(cell) ? "*" : ""}`, true]),
    ];
    const cell_text = (cell, code, pole) => {
        const f = figure(cell, code.id, pole);
        return `${say.percent(f.share)} (${say.count(f.n)})`;
    };
    const rows = [
        ...SENTIMENTS.map((tone) => [
            `${say.words.sentiment}: ${say.words[tone]}`,
            ...heads.map((cell) => `${say.percent(sentiment(cell, tone).share)} (${say.count(sentiment(cell, tone).n)})`),
        ]),
        ...items.map(({ code, pole }) => [say.pole_name(code, pole), ...heads.map((cell) => cell_text(cell, code, pole))]),
    ];
    const name = chosen.segment === null ? say.words.total : say.segment(chosen.segment);
    return table(`${say.words.segments}: ${name} – ${say.words.share} (${say.words.count})`, columns, rows);
}

function values_controls(page, cells, matching) {
    const { model, chosen, say } = page;
    const all = chosen.segment === null ? 1 : (model.by_segment.get(chosen.segment)?.length ?? 0);
    if (all <= 12) return [];
    return el(
        "div",
        { class: "values-note" },
        el(
            "label",
            { class: "control" },
            say.words.find_value,
            " ",
            el("input", {
                type: "search",
                "data-key": "find",
                value: chosen.find,
                on: { change: (event) => page.set({ find: event.target.value }, "segments") },
            }),
        ),
        cells.length < matching && el("span", {}, say.words.values_note(say.count(cells.length), say.count(matching))),
        cells.length < matching &&
            el(
                "button",
                {
                    type: "button",
                    class: "more control",
                    "data-key": "values",
                    on: { click: () => page.set({ values: chosen.values + MORE_VALUES }, "segments") },
                },
                say.words.more_values(say.count(Math.min(MORE_VALUES, matching - cells.length))),
            ),
    );
}

export function segments(page) {
    const { model, chosen, say } = page;
    const { words } = say;
    const { cells, matching } = cells_shown(page);
    const items = items_ranked(page);
    const shown = chosen.all_panels ? items : items.slice(0, FIRST_PANELS);
    const name = chosen.segment === null ? words.total : say.segment(chosen.segment);
    const note = chosen.segment === null ? words.total_note(say.count(model.total.base)) : words.segments_note;
    const body =
        cells.length === 0
            ? el("p", { class: "empty" }, words.no_match)
            : chosen.segments_view === "table"
              ? figures_table(page, cells, shown)
              : charts(page, cells, items, shown);
    return [
        el("h2", {}, words.segments, el("span", { class: "print-only" }, `: ${name}`)),
        model.segments.length > 0 ? tabs(page) : el("p", { class: "note" }, words.no_segments),
        el("p", { class: "note" }, note),
        cells.some(low) && el("p", { class: "note low-note" }, words.low_base),
        el(
            "div",
            { class: "choices" },
            choice(
                words.poles,
                [
                    ["both", words.both],
                    ["negative", words.negative],
                    ["positive", words.positive],
                ],
                chosen.pole,
                "pole",
                (pole) => page.set({ pole }, "segments"),
            ),
            choice(
                words.view,
                [
                    ["chart", words.chart],
                    ["table", words.table],
                ],
                chosen.segments_view,
                "segments-view",
                (segments_view) => page.set({ segments_view }, "segments"),
            ),
        ),
        values_controls(page, cells, matching),
        body,
        items.length > FIRST_PANELS &&
            cells.length > 0 &&
            el(
                "button",
                {
                    type: "button",
                    class: "more control",
                    "data-key": "panels",
                    on: { click: () => page.set({ all_panels: !chosen.all_panels }, "segments") },
                },
                chosen.all_panels ? words.show_fewer : words.show_all(say.count(items.length)),
            ),
    ];
}
