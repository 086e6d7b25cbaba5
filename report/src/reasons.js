// reasons.js — every reason with its negative share to the left and its positive share to the right of one line.
import { descending } from "d3-array";
import { bar, bar_scale, bar_ticks } from "./bars.js";
import { figure } from "./data.js";
import { choice, el, table } from "./dom.js";

const FIRST = 15; // rows before "show all"
const POLES = ["negative", "positive"];

const measure = (model, rank) => (item) => figure(model.total, item.id, rank === "total" ? "any" : rank).share;

export function sentence(say, f, base) {
    const interval = say.words.interval(say.percent(f.low), say.percent(f.high));
    return `${say.percent(f.share)}, ${say.words.of(say.count(f.n), say.count(base))}, ${interval}`;
}

// Where a share stands on the scale, as a part of its width; the style sheet knows how much of a half the scale takes.
const at = (scale, share) => `--at:${(scale(share) / 100).toFixed(4)}`;

/* One half of a row. Where somebody said so it is a button that opens what they said. */
function half(page, item, pole, scale, is_net) {
    const { model, say } = page;
    const f = figure(model.total, item.id, pole);
    const mirrored = pole === "negative";
    const words = is_net ? "" : say.pole_name(item, pole);
    const content =
        f.n === 0
            ? el("span", { class: "half-words none" }, "–")
            : [
                  el("span", { class: "half-bar" }, bar(f, scale, { tone: pole, mirrored, height: 26, thick: is_net ? 8 : 14 })),
                  el(
                      "span",
                      { class: "half-words", style: at(scale, f.high) },
                      el("b", {}, say.rounded(f.share)),
                      " ",
                      el("bdi", { class: "pole-name" }, words),
                  ),
              ];
    const label = `${words || say.name(item)}, ${say.words[pole]}: ${sentence(say, f, model.total.base)}`;
    if (is_net || f.n === 0)
        return el("div", { class: `half ${pole}`, role: "img", "aria-label": label, title: f.n > 0 && label }, content);
    return el(
        "button",
        {
            type: "button",
            class: `half ${pole}`,
            "data-key": `${item.id} ${pole}`,
            "data-code": item.id,
            "data-pole": pole,
            "aria-label": `${label}. ${say.words.show_quotes}`,
            title: label,
            on: { click: () => page.quotes(item, pole) },
        },
        content,
    );
}

function row(page, code, scale) {
    return el(
        "li",
        { class: "row" },
        el("span", { class: "topic" }, el("bdi", {}, page.say.name(code))),
        POLES.map((pole) => half(page, code, pole, scale, false)),
        el(
            "span",
            { class: "pole-names", "aria-hidden": "true" },
            POLES.map((pole) =>
                el("bdi", { class: pole }, figure(page.model.total, code.id, pole).n > 0 ? page.say.pole_name(code, pole) : ""),
            ),
        ),
    );
}

function net_row(page, net, codes, scale) {
    const { chosen, say } = page;
    const open = chosen.open_nets.has(net.id);
    const toggle = () => {
        if (open) chosen.open_nets.delete(net.id);
        else chosen.open_nets.add(net.id);
        page.set({}, "reasons");
    };
    return el(
        "li",
        { class: "net" },
        el(
            "div",
            { class: "row net-row" },
            el(
                "button",
                { type: "button", class: "topic fold", "data-key": `net ${net.id}`, "aria-expanded": String(open), on: { click: toggle } },
                el("bdi", {}, say.name(net)),
            ),
            POLES.map((pole) => half(page, net, pole, scale, true)),
        ),
        open &&
            el(
                "ol",
                {},
                codes.map((code) => row(page, code, scale)),
            ),
    );
}

function axis({ say }, scale) {
    const ticks = bar_ticks(scale);
    const side = (pole) =>
        el(
            "div",
            { class: `axis-half ${pole}` },
            el("span", { class: "axis-title" }, say.words[pole]),
            ticks.map((tick, i) => el("span", { class: `tick ${i % 2 === 0 ? "odd" : ""}`, style: at(scale, tick) }, say.tick(tick))),
        );
    return el("div", { class: "row axis", "aria-hidden": "true" }, el("span", { class: "topic" }), POLES.map(side));
}

function grid(scale) {
    const lines = [0, ...bar_ticks(scale)].map((tick) => el("i", { style: at(scale, tick), class: tick === 0 && "zero" }));
    return el(
        "div",
        { class: "row grid", "aria-hidden": "true" },
        el("span", { class: "topic" }),
        POLES.map((pole) =>
            el(
                "div",
                { class: `grid-half ${pole}` },
                lines.map((line) => line.cloneNode()),
            ),
        ),
    );
}

function chart(page, codes) {
    const { model, chosen, say } = page;
    const by_rank = (a, b) => descending(measure(model, chosen.rank)(a), measure(model, chosen.rank)(b));
    const nets = model.nets.filter((net) => codes.some((code) => code.net === net.id)).sort(by_rank);
    const homeless = codes.filter((code) => !nets.some((net) => net.id === code.net));
    const grouped = chosen.layout === "grouped";
    const scale = bar_scale(
        (grouped ? [...codes, ...nets] : codes)
            .flatMap((item) => POLES.map((pole) => figure(model.total, item.id, pole)))
            .filter((f) => f.n > 0),
    );
    const shown = chosen.all_reasons ? codes : codes.slice(0, FIRST);
    const rows = grouped
        ? [
              ...nets.map((net) =>
                  net_row(
                      page,
                      net,
                      codes.filter((code) => code.net === net.id),
                      scale,
                  ),
              ),
              ...homeless.map((code) => row(page, code, scale)),
          ]
        : shown.map((code) => row(page, code, scale));
    const all_open = nets.every((net) => chosen.open_nets.has(net.id));
    const more = grouped
        ? el(
              "button",
              {
                  type: "button",
                  class: "more control",
                  "data-key": "nets",
                  on: { click: () => page.set({ open_nets: new Set(all_open ? [] : nets.map((net) => net.id)) }, "reasons") },
              },
              all_open ? say.words.collapse_all : say.words.expand_all,
          )
        : codes.length > FIRST &&
          el(
              "button",
              {
                  type: "button",
                  class: "more control",
                  "data-key": "more",
                  on: { click: () => page.set({ all_reasons: !chosen.all_reasons }, "reasons") },
              },
              chosen.all_reasons ? say.words.show_fewer : say.words.show_all(say.count(codes.length)),
          );
    return [el("div", { class: "rows" }, grid(scale), axis(page, scale), el("ol", { class: grouped ? "grouped" : "ranked" }, rows)), more];
}

function figures_table({ model, say }, codes) {
    const { words } = say;
    const net_name = new Map(model.nets.map((net) => [net.id, say.name(net)]));
    const numbers = (f) => [say.count(f.n), say.percent(f.share), f.n > 0 ? say.range(f.low, f.high) : ""];
    const columns = [
        [words.reason],
        [words.group],
        ...["negative", "positive", "total"].flatMap((key) => [
            [`${words[key]}, ${words.count}`, true],
            [words.share, true],
            [words.interval_head, true],
        ]),
    ];
    const rows = codes.map((code) => [
        say.name(code),
        net_name.get(code.net) ?? "",
        ...["negative", "positive", "any"].flatMap((pole) => numbers(figure(model.total, code.id, pole))),
    ]);
    return table(`${words.reasons} (n\u00a0=\u00a0${say.count(model.total.base)})`, columns, rows);
}

export function reasons(page) {
    const { model, chosen, say } = page;
    const { words } = say;
    const codes = model.reasons
        .filter((code) => ["any", ...POLES].some((pole) => figure(model.total, code.id, pole).n > 0))
        .sort((a, b) => descending(measure(model, chosen.rank)(a), measure(model, chosen.rank)(b)));
    if (codes.length === 0) return [el("h2", {}, words.reasons), el("p", { class: "empty" }, words.none_named)];
    return [
        el("h2", {}, words.reasons),
        el(
            "p",
            { class: "note" },
            words.reasons_note(say.count(model.total.base)),
            " ",
            words.rank_total,
            " ",
            el("span", { class: "control" }, words.reasons_hint),
        ),
        el(
            "div",
            { class: "choices" },
            choice(
                words.rank_by,
                [
                    ["total", words.total],
                    ["negative", words.negative],
                    ["positive", words.positive],
                ],
                chosen.rank,
                "rank",
                (rank) => page.set({ rank }, "reasons"),
            ),
            choice(
                words.layout,
                [
                    ["ranked", words.ranked],
                    ["grouped", words.grouped],
                ],
                chosen.layout,
                "layout",
                (layout) => page.set({ layout }, "reasons"),
            ),
            choice(
                words.view,
                [
                    ["chart", words.chart],
                    ["table", words.table],
                ],
                chosen.reasons_view,
                "reasons-view",
                (reasons_view) => page.set({ reasons_view }, "reasons"),
            ),
        ),
        chosen.reasons_view === "table" ? figures_table(page, codes) : chart(page, codes),
    ];
}
