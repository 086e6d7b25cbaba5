// data.js — what the program wrote (DATA.md) made safe to ask: missing parts read as empty, never as an error.

const list = (value) => (Array.isArray(value) ? value : []);
const record = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});
const number = (value) => (Number.isFinite(value) ? value : 0);
const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

const Z_SQUARED = 1.959964 ** 2;
export const LOW_BASE = 30;
export const SENTIMENTS = ["negative", "mixed", "neutral", "positive"];

/* figure — how many respondents of a cell mention an id (code or net) with a pole ("negative", "positive", "any", or "" for none).
 * Where nobody does, the interval is Wilson's for 0 of base; with weights it is unknown and low = high = 0. */
export function figure(cell, id, pole) {
    const found = own(record(own(cell.counts, id)), pole);
    if (Array.isArray(found)) {
        const [n, share, low, high] = found.map(number);
        return { n, share, low: Math.min(low ?? share, share), high: Math.max(high ?? share, share) };
    }
    return { n: 0, share: 0, low: 0, high: cell.base > 0 && !cell.weighted ? Z_SQUARED / (cell.base + Z_SQUARED) : 0 };
}

export function sentiment(cell, label) {
    const [n, share] = list(own(cell.sentiment, label));
    return { n: number(n), share: number(share) };
}

function cell_load(raw, index) {
    const cell = record(raw);
    return {
        index,
        segment: cell.segment ?? null,
        value: cell.value ?? null,
        base: number(cell.base),
        weight: number(cell.weight),
        weighted: cell.weighted === true,
        sentiment: record(cell.sentiment),
        counts: record(cell.counts),
    };
}

const named = (raw) => ({
    ...raw,
    id: String(raw.id),
    name: record(raw.name),
    negative: record(raw.negative),
    positive: record(raw.positive),
});

function languages_in(items, first) {
    const found = new Set([first]);
    for (const item of items)
        for (const names of [item.name, item.negative, item.positive]) Object.keys(names).forEach((tag) => found.add(tag));
    return [...found];
}

/* The same response is kept for the total and for each of its segment values: it becomes one quote that knows its cells. */
function quotes_index(raw) {
    const index = new Map();
    for (const quote of raw) {
        const key = JSON.stringify([quote.code, quote.pole ?? ""]);
        if (!index.has(key)) index.set(key, new Map());
        const found = index.get(key);
        const response = JSON.stringify([quote.id, quote.text]);
        if (!found.has(response)) {
            found.set(response, {
                id: String(quote.id ?? ""),
                lang: String(quote.lang ?? ""),
                text: String(quote.text ?? ""),
                marks: list(quote.marks),
                cells: new Set(),
            });
        }
        found.get(response).cells.add(number(quote.cell));
    }
    return index;
}

export function load(raw) {
    const data = record(raw);
    const language = String(data.language || "en");
    const nets = list(data.nets).map(named);
    const codes = list(data.codes).map(named);
    const cells = list(data.cells).map(cell_load);
    const total = cells.find((cell) => cell.segment === null) ?? cell_load({}, 0);
    const by_segment = new Map(list(data.segments).map((name) => [String(name), []]));
    for (const cell of cells) if (cell.segment !== null) by_segment.get(String(cell.segment))?.push(cell);
    const quotes = quotes_index(list(data.quotes));
    const totals = record(data.totals);
    return {
        language,
        languages: languages_in([...nets, ...codes], language),
        nets,
        codes,
        cells,
        total,
        totals: { read: number(totals.read), tagged: number(totals.tagged ?? total.base), rejected: number(totals.rejected) },
        segments: [...by_segment.keys()],
        by_segment,
        reasons: codes.filter((code) => code.poles),
        others: codes.filter((code) => !code.poles),
        quotes: (code, pole) => [...(quotes.get(JSON.stringify([code, pole]))?.values() ?? [])],
    };
}

/* pieces — a text cut into [text, marked] at marks (code points, end excluded); marks may overlap, be unordered, or lie outside. */
export function pieces(text, marks) {
    const points = Array.from(text);
    const clip = (at) => Math.max(0, Math.min(points.length, Math.trunc(number(at))));
    const spans = marks
        .filter(Array.isArray)
        .map(([start, end]) => [clip(start), clip(end)])
        .filter(([start, end]) => end > start)
        .sort((a, b) => a[0] - b[0]);
    const apart = [];
    for (const [start, end] of spans) {
        const last = apart[apart.length - 1];
        if (last && start <= last[1]) last[1] = Math.max(last[1], end);
        else apart.push([start, end]);
    }
    const result = [];
    let at = 0;
    for (const [start, end] of apart) {
        if (start > at) result.push([points.slice(at, start).join(""), false]);
        result.push([points.slice(start, end).join(""), true]);
        at = end;
    }
    if (at < points.length) result.push([points.slice(at).join(""), false]);
    return result;
}
