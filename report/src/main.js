// main.js — the page: what is chosen, and the sections drawn from it. A choice redraws only the sections that it touches.
/* global DATA */
import { load } from "./data.js";
import { el, refill } from "./dom.js";
import { headline } from "./headline.js";
import { others } from "./others.js";
import { print_quotes, quotes_open } from "./quotes.js";
import { reasons } from "./reasons.js";
import { segments } from "./segments.js";
import { endonym, speak } from "./words.js";

const model = load(DATA);

const chosen = {
    language: model.language,
    rank: "total",
    layout: "ranked",
    all_reasons: false,
    open_nets: new Set(),
    reasons_view: "chart",
    segment: model.segments[0] ?? null,
    pole: "both",
    all_panels: false,
    values: 12,
    find: "",
    segments_view: "chart",
};

const containers = {};
const painters = { headline, reasons, others, segments, how, print_quotes };

/* The context that every section is drawn from; `set` changes choices and redraws the sections named. */
const page = {
    model,
    chosen,
    say: speak(chosen.language),
    set(changes, ...names) {
        Object.assign(chosen, changes);
        for (const name of names) paint(name);
    },
    quotes: (...which) => quotes_open(page, ...which),
};

function paint(name) {
    refill(containers[name], painters[name](page));
}

function language_chooser() {
    const choose = (event) => {
        chosen.language = event.target.value;
        page.say = speak(chosen.language);
        draw();
        document.getElementById("language").focus({ preventScroll: true });
    };
    const select = el(
        "select",
        { id: "language", on: { change: choose } },
        model.languages.map((tag) => el("option", { value: tag, lang: tag, selected: tag === chosen.language }, endonym(tag))),
    );
    return el("label", { class: "language control" }, el("span", {}, page.say.words.language), select);
}

function header() {
    const { say } = page;
    const { read, rejected } = model.totals;
    return el(
        "header",
        { class: "masthead" },
        el(
            "div",
            {},
            el("p", { class: "kicker", translate: "no" }, "verbatim"),
            el("h1", {}, say.words.title),
            model.total.base === 0 && read > 0 && el("p", { class: "subtitle" }, say.words.read(say.count(read), say.count(rejected))),
        ),
        model.languages.length > 1 && language_chooser(),
    );
}

function how() {
    const { say } = page;
    const { read, tagged, rejected } = model.totals;
    const items = say.words.how_items({ read: say.count(read), tagged: say.count(tagged), rejected: say.count(rejected) });
    return [
        el("h2", {}, say.words.how),
        el(
            "ul",
            {},
            items.map((item) => el("li", {}, item)),
        ),
    ];
}

function draw() {
    const { say } = page;
    document.documentElement.lang = say.locale;
    document.title = `${say.words.title} – verbatim`;
    if (model.total.base === 0) {
        const message = model.codes.length === 0 && model.totals.read === 0 ? say.words.no_data : say.words.no_responses;
        refill(document.getElementById("page"), header(), el("main", {}, el("p", { class: "empty" }, message)));
        return;
    }
    for (const name of Object.keys(painters)) {
        containers[name] = el("section", { id: name, class: `section ${name}` });
        paint(name);
    }
    refill(document.getElementById("page"), header(), el("main", {}, Object.values(containers)));
}

draw();
