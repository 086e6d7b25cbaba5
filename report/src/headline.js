// headline.js — the figures a board reads first: how many, how they feel, and the first reason either way.
import { greatest } from "d3-array";
import { stack } from "./bars.js";
import { SENTIMENTS, figure, sentiment } from "./data.js";
import { el } from "./dom.js";

function responses_card({ model, say }) {
    const { total, totals } = model;
    return el(
        "div",
        { class: "card" },
        el("h2", {}, say.words.responses),
        el("p", { class: "big" }, say.count(total.base)),
        el("p", { class: "small" }, say.words.read(say.count(totals.read), say.count(totals.rejected))),
        total.weighted && el("p", { class: "small" }, say.words.weighted(say.count(total.weight))),
    );
}

function sentiment_card({ model, say }) {
    const parts = SENTIMENTS.map((tone) => ({ tone, ...sentiment(model.total, tone) }));
    return el(
        "div",
        { class: "card wide" },
        el("h2", {}, say.words.sentiment),
        stack(parts, 26),
        el(
            "dl",
            { class: "legend" },
            parts.map(({ tone, share, n }) =>
                el(
                    "div",
                    {},
                    el("dt", {}, el("span", { class: `key ${tone}`, "aria-hidden": "true" }), say.words[tone]),
                    el("dd", { title: say.words.of(say.count(n), say.count(model.total.base)) }, say.rounded(share)),
                ),
            ),
        ),
    );
}

function top_card(page, pole) {
    const { model, say } = page;
    const top = greatest(model.reasons, (code) => figure(model.total, code.id, pole).share);
    const f = top && figure(model.total, top.id, pole);
    const content =
        !f || f.n === 0
            ? el("p", { class: "top-reason" }, say.words.none_named)
            : [
                  el("p", { class: "big" }, say.rounded(f.share)),
                  el(
                      "button",
                      {
                          type: "button",
                          class: "top-reason",
                          "data-key": `top ${pole}`,
                          title: say.words.show_quotes,
                          on: { click: () => page.quotes(top, pole) },
                      },
                      el("bdi", {}, say.pole_name(top, pole)),
                  ),
                  el(
                      "p",
                      { class: "small" },
                      say.words.of(say.count(f.n), say.count(model.total.base)),
                      el("br"),
                      say.words.interval(say.percent(f.low), say.percent(f.high)),
                  ),
              ];
    return el("div", { class: `card top ${pole}` }, el("h2", {}, say.words[`top_${pole}`]), content);
}

export const headline = (page) =>
    el("div", { class: "cards" }, responses_card(page), sentiment_card(page), top_card(page, "negative"), top_card(page, "positive"));
