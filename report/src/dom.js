// dom.js — elements from plain values. Text only ever goes in as text: nothing here, or elsewhere, parses markup.

/* el — one element. `attributes`: class, aria-*, ... as they are; on: {click: f}; false, null and undefined are left out.
 * `children`: nodes, strings, arrays of them; false, null and undefined are left out. */
export function el(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (key === "on") for (const [event, f] of Object.entries(value)) element.addEventListener(event, f);
        else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/* refill — new children for a container, with the focus back on the control that had it (known by data-key). */
export function refill(container, ...children) {
    const key = container.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    container.replaceChildren(...children.flat(Infinity).filter(Boolean));
    if (key !== undefined) [...container.querySelectorAll("[data-key]")].find((e) => e.dataset.key === key)?.focus({ preventScroll: true });
}

/* choice — a row of buttons of which one is pressed. options: [[value, label]] */
export function choice(label, options, chosen, key, choose) {
    return el(
        "div",
        { class: "choice control", role: "group", "aria-label": label },
        el("span", { class: "choice-label", "aria-hidden": "true" }, label),
        el(
            "span",
            { class: "choice-buttons" },
            options.map(([value, text]) =>
                el(
                    "button",
                    {
                        type: "button",
                        "data-key": `${key}=${value}`,
                        "data-value": value,
                        "aria-pressed": String(value === chosen),
                        on: { click: () => choose(value) },
                    },
                    text,
                ),
            ),
        ),
    );
}

/* table — figures as a table. columns: [[text, numeric]]; rows: arrays of text, the first cell a row heading. */
export function table(caption, columns, rows) {
    return el(
        "div",
        { class: "table-scroll", tabindex: "0", role: "region", "aria-label": caption },
        el(
            "table",
            {},
            el("caption", {}, caption),
            el(
                "thead",
                {},
                el(
                    "tr",
                    {},
                    columns.map(([text, numeric]) => el("th", { scope: "col", class: numeric && "number" }, el("bdi", {}, text))),
                ),
            ),
            el(
                "tbody",
                {},
                rows.map((row) =>
                    el(
                        "tr",
                        {},
                        row.map((cell, i) =>
                            i === 0
                                ? el("th", { scope: "row" }, el("bdi", {}, cell))
                                : el("td", { class: columns[i]?.[1] && "number" }, el("bdi", {}, cell)),
                        ),
                    ),
                ),
            ),
        ),
    );
}
