// quotes.js — what people wrote: a drawer that opens from any bar, and the pages of quotes that only print shows.
import { descending } from "d3-array";
import { figure, pieces } from "./data.js";
import { choice, el } from "./dom.js";
import { sentence } from "./reasons.js";

const PRINTED_REASONS = 12;

/* One answer. Its language is its own: the browser needs it to break lines, read aloud, and pick the right Chinese characters. */
function quote_item({ model, say }, quote, pole) {
    const about = [...quote.cells]
        .sort((a, b) => a - b)
        .map((index) => model.cells[index])
        .filter((cell) => cell && cell.segment !== null);
    return el(
        "li",
        { class: `quote ${pole || "plain"}` },
        el(
            "blockquote",
            { dir: "auto", lang: /^[A-Za-z]{2,3}\b/.test(quote.lang) ? quote.lang : null },
            pieces(quote.text, quote.marks).map(([text, marked]) => (marked ? el("mark", {}, text) : text)),
        ),
        el(
            "p",
            { class: "about" },
            about.map((cell) => el("span", { title: say.segment(cell.segment) }, el("bdi", {}, String(cell.value)))),
            el("span", { class: "id" }, el("bdi", {}, quote.id), quote.lang && ` · ${quote.lang}`),
        ),
    );
}

/* The cells that quotes of a code and pole were kept for, as the options of a select. */
function from_chooser({ model, say }, quotes, chosen, choose) {
    const held = new Map();
    for (const quote of quotes) for (const index of quote.cells) held.set(index, (held.get(index) ?? 0) + 1);
    const option = (cell) =>
        el(
            "option",
            { value: cell.index, selected: cell.index === chosen },
            `${say.value(cell)} (${say.count(held.get(cell.index) ?? 0)})`,
        );
    const here = (cell) => held.has(cell.index) || cell.index === chosen;
    return el(
        "label",
        { class: "from" },
        el("span", {}, say.words.quotes_from),
        el(
            "select",
            { "data-key": "from", on: { change: (event) => choose(Number(event.target.value)) } },
            option(model.total),
            model.segments
                .map((name) => [name, (model.by_segment.get(name) ?? []).filter(here)])
                .filter(([, cells]) => cells.length > 0)
                .map(([name, cells]) => el("optgroup", { label: say.segment(name) }, cells.map(option))),
        ),
    );
}

/* quotes_open — the drawer for a code; `cell`: the group whose quotes are shown first (the total unless given). */
export function quotes_open(page, code, pole, cell = page.model.total) {
    const { model, say } = page;
    const { words } = say;
    const dialog = el("dialog", { class: "drawer", "aria-label": `${words.quotes}: ${say.name(code)}` });
    const opener = document.activeElement;
    const show = (at, index) => {
        const here = model.cells[index] ?? model.total;
        const quotes = model.quotes(code.id, at);
        const shown = quotes.filter((quote) => quote.cells.has(index));
        const f = figure(here, code.id, at);
        const focus = dialog.contains(document.activeElement) ? document.activeElement.dataset.key : null;
        dialog.replaceChildren(
            ...[
                el(
                    "header",
                    {},
                    el(
                        "div",
                        {},
                        el("p", { class: "kicker" }, el("bdi", {}, say.name(code))),
                        el("h2", { class: at || "plain" }, el("bdi", {}, say.pole_name(code, at))),
                    ),
                    el(
                        "button",
                        {
                            type: "button",
                            class: "close",
                            "data-key": "close",
                            "aria-label": words.close,
                            on: { click: () => dialog.close() },
                        },
                        "×",
                    ),
                ),
                el("p", { class: "small figure" }, `${say.value(here)}: ${sentence(say, f, here.base)}`),
                el(
                    "div",
                    { class: "choices" },
                    code.poles &&
                        choice(
                            words.sentiment,
                            [
                                ["negative", words.negative],
                                ["positive", words.positive],
                            ],
                            at,
                            "quotes",
                            (other) => show(other, index),
                        ),
                    from_chooser(page, quotes, index, (other) => show(at, other)),
                ),
                shown.length > 0 && el("p", { class: "small" }, words.quotes_note(say.count(shown.length))),
                shown.length > 0
                    ? el(
                          "ol",
                          { class: "quotes", tabindex: "0", "aria-label": words.quotes },
                          shown.map((quote) => quote_item(page, quote, at)),
                      )
                    : el("p", { class: "empty" }, quotes.length > 0 ? words.no_quotes_here : words.no_quotes),
            ].filter(Boolean),
        );
        [...dialog.querySelectorAll("[data-key]")].find((e) => e.dataset.key === (focus ?? "close"))?.focus();
    };
    dialog.addEventListener("click", (event) => {
        if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener("close", () => {
        dialog.remove();
        opener?.focus?.({ preventScroll: true });
    });
    document.body.append(dialog);
    dialog.showModal();
    show(pole, cell.index);
}

/* print_quotes — the reasons mentioned most, either way, with all quotes of the total; hidden but in print. */
export function print_quotes(page) {
    const { model, say } = page;
    const items = model.reasons
        .flatMap((code) => ["negative", "positive"].map((pole) => ({ code, pole, f: figure(model.total, code.id, pole) })))
        .filter(({ f }) => f.n > 0)
        .sort((a, b) => descending(a.f.share, b.f.share))
        .slice(0, PRINTED_REASONS)
        .map((item) => ({ ...item, quotes: model.quotes(item.code.id, item.pole).filter((quote) => quote.cells.has(model.total.index)) }))
        .filter(({ quotes }) => quotes.length > 0);
    if (items.length === 0) return [];
    return [
        el("h2", {}, say.words.print_quotes),
        el("p", { class: "note" }, say.words.print_note),
        items.map(({ code, pole, f, quotes }) =>
            el(
                "div",
                { class: "print-reason" },
                el(
                    "h3",
                    { class: pole },
                    el("bdi", {}, say.pole_name(code, pole)),
                    " ",
                    el("span", { class: "panel-total" }, sentence(say, f, model.total.base)),
                ),
                el(
                    "ol",
                    { class: "quotes" },
                    quotes.map((quote) => quote_item(page, quote, pole)),
                ),
            ),
        ),
    ];
}
