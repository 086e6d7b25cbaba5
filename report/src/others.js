// others.js — codes without poles (intentions, emotions, channels spoken of ...), a list for each of their groups.
import { descending } from "d3-array";
import { bar, bar_scale } from "./bars.js";
import { figure } from "./data.js";
import { el } from "./dom.js";
import { sentence } from "./reasons.js";

function line(page, code, scale) {
    const { model, say } = page;
    const f = figure(model.total, code.id, "");
    const label = `${say.name(code)}: ${sentence(say, f, model.total.base)}`;
    return el(
        "li",
        {},
        el(
            "button",
            {
                type: "button",
                class: "line",
                "data-key": code.id,
                "data-code": code.id,
                "data-pole": "",
                title: label,
                "aria-label": `${label}. ${say.words.show_quotes}`,
                on: { click: () => page.quotes(code, "") },
            },
            el("bdi", { class: "line-name" }, say.name(code)),
            el("span", { class: "line-bar" }, bar(f, scale, { tone: "plain", height: 18, thick: 9 })),
            el("b", {}, say.rounded(f.share)),
        ),
    );
}

export function others(page) {
    const { model, say } = page;
    const said = model.others.filter((code) => figure(model.total, code.id, "").n > 0);
    if (model.others.length === 0) return [];
    const names = new Map(model.nets.map((net) => [net.id, say.name(net)]));
    const groups = [...new Set(model.others.map((code) => code.net))];
    const scale = bar_scale(said.map((code) => figure(model.total, code.id, "")));
    return [
        el("h2", {}, say.words.others),
        el("p", { class: "note" }, say.words.others_note(say.count(model.total.base))),
        el(
            "div",
            { class: "lists" },
            groups.map((net) => {
                const codes = said
                    .filter((code) => code.net === net)
                    .sort((a, b) => descending(figure(model.total, a.id, "").share, figure(model.total, b.id, "").share));
                return el(
                    "div",
                    { class: "list" },
                    el("h3", {}, el("bdi", {}, names.get(net) ?? String(net ?? ""))),
                    codes.length > 0
                        ? el(
                              "ol",
                              {},
                              codes.map((code) => line(page, code, scale)),
                          )
                        : el("p", { class: "small" }, say.words.not_found),
                );
            }),
        ),
    ];
}
