"""test_page.py [PAGE] OUTDIR - uses the report page in real Chromium as a reader would; exits with 1 where something is wrong."""

import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

sys.dont_write_bytecode = True
import sample  # noqa: E402

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--lang=en-US",
]
SIZES = {"desktop": (1280, 900, False), "phone": (360, 780, True)}
failures = []


def expect(holds, what):
    print(("ok    " if holds else "FAIL  ") + what, flush=True)
    if not holds:
        failures.append(what)


def browser_open(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
    for flag in FLAGS + [f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver") or "/usr/bin/chromedriver"), options=options)


class Reader:
    """A browser with one page open."""

    def __init__(self, browser, out):
        self.browser, self.out = browser, out

    def all(self, css):
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def one(self, css):
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def size(self, name):
        width, height, mobile = SIZES[name]
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 2 if mobile else 1, "mobile": mobile},
        )

    def open(self, path):
        self.browser.get_log("performance"), self.browser.get_log("browser")
        self.browser.get(path.resolve().as_uri())
        self.path = path

    def click(self, element):
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def picture(self, name, whole=True):
        # Two frames, so that what was chosen last has been painted.
        self.browser.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))"
        )
        shot = {"format": "png", "captureBeyondViewport": whole}
        if whole:
            size = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            shot["clip"] = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 8000), "scale": 1}
        (self.out / f"{name}.png").write_bytes(base64.b64decode(self.browser.execute_cdp_cmd("Page.captureScreenshot", shot)["data"]))

    def printed(self, name):
        pdf = self.browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": False, "preferCSSPageSize": True})["data"]
        path = self.out / f"{name}.pdf"
        path.write_bytes(base64.b64decode(pdf))
        for old in self.out.glob(f"{name}-*.png"):
            old.unlink()
        if shutil.which("pdftoppm"):
            subprocess.run(["pdftoppm", "-r", "60", "-png", path, self.out / name], check=True)
        return path

    def check_quiet(self, case):
        """Nothing on the console, nothing asked of the network."""
        console = [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        expect(not console, f"{case}: nothing on the console {console[:3] if console else ''}")
        sent = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        urls = {message["params"]["request"]["url"] for message in sent if message["method"] == "Network.requestWillBeSent"}
        strange = [url for url in urls if not url.startswith("data:") and url.split("#")[0] != self.path.resolve().as_uri()]
        expect(not strange, f"{case}: no request but for the page itself {strange[:3] if strange else ''}")

    def check_fits(self, case):
        width = self.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        expect(width[0] <= width[1], f"{case}: no sideways scrolling ({width[0]} in {width[1]})")
        wide = self.run(
            "return [...document.querySelectorAll('.card, .list, .panel, .base-line')]"
            ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"
        )
        expect(not wide, f"{case}: nothing sticks out of its box {wide[:3] if wide else ''}")


def use_reasons(page, case):
    first = lambda: page.one("#reasons .rows ol .topic").text
    widths = lambda: page.run("return [...document.querySelectorAll('#reasons ol rect')].map(r => r.getAttribute('width'))")
    before, wide, rows = first(), widths(), len(page.all("#reasons ol .row"))
    expect(len(wide) > 0 and any(float(width[:-1]) > 5 for width in wide), f"{case}: {len(wide)} bars of reasons")
    for rank in ("negative", "positive"):
        page.click(page.one(f"[data-key='rank={rank}']"))
        shares = page.run(
            "return [...document.querySelectorAll('#reasons .rows ol .row')]"
            ".map(r => r.querySelector('.half.' + arguments[0] + ' rect')?.getAttribute('width') ?? '0%').map(parseFloat)",
            rank,
        )
        expect(shares == sorted(shares, reverse=True), f"{case}: ranked by {rank}, first is {first()!r}")
    expect(page.run("return document.activeElement.dataset.key") == "rank=positive", f"{case}: focus stays on the choice")
    page.click(page.one("[data-key='rank=total']"))
    expect(first() == before, f"{case}: back to the total")
    page.click(page.one("[data-key='layout=grouped']"))
    folds = page.all("#reasons .fold")
    page.click(folds[0])
    expect(
        page.one("#reasons .fold").get_attribute("aria-expanded") == "true" and page.all("#reasons .net > ol .row"),
        f"{case}: {len(folds)} groups, the first opens",
    )
    page.one("#reasons .fold").send_keys(Keys.ENTER)
    expect(page.one("#reasons .fold").get_attribute("aria-expanded") == "false", f"{case}: and closes by keyboard")
    page.click(page.one("[data-key='layout=ranked']"))
    page.click(page.one("[data-key='reasons-view=table']"))
    expect(len(page.all("#reasons tbody tr")) >= rows, f"{case}: reasons as a table")
    page.click(page.one("[data-key='reasons-view=chart']"))


def use_segments(page, case):
    buttons = [button.get_attribute("data-segment") for button in page.all("#segments .tabs button")]
    seen = []
    for name in buttons:
        page.click(
            page.run("return [...document.querySelectorAll('#segments .tabs button')].find(b => b.dataset.segment === arguments[0])", name)
        )
        bases = [element.text for element in page.all("#segments .base-line .n")]
        shares = page.run("return [...document.querySelectorAll('#segments .panel-line')].map(e => Number(e.dataset.share))")
        expect(
            bases and shares and all(base.startswith("n = ") for base in bases),
            f"{case}: segment {name or 'total'!r}: bases {', '.join(bases[:4])}; {len(shares)} bars",
        )
        seen.append((bases, shares))
    expect(all(a != b for i, a in enumerate(seen) for b in seen[:i]), f"{case}: bars and bases change with the segment")
    if len(buttons) > 1:
        page.click(page.all("#segments .tabs button")[1])
        panels = len(page.all("#segments .panel"))
        more = page.all("[data-key=panels]")
        if more:
            page.click(more[0])
            expect(len(page.all("#segments .panel")) > panels, f"{case}: all panels shown, not only {panels}")
            page.click(page.one("[data-key=panels]"))
        page.click(page.one("[data-key='pole=negative']"))
        expect(not page.all("#segments .panel.positive") and page.all("#segments .panel.negative"), f"{case}: negative reasons only")
        page.click(page.one("[data-key='pole=both']"))
        page.click(page.one("[data-key='segments-view=table']"))
        expect(len(page.all("#segments tbody tr")) > 4, f"{case}: segment as a table")
        page.click(page.one("[data-key='segments-view=chart']"))
    low = [int("".join(filter(str.isdigit, element.text))) for element in page.all("#segments .base-line.low .n")]
    expect(bool(low) == bool(page.all("#segments .low-note")) and all(base < 30 for base in low), f"{case}: bases under 30 noted {low}")


def use_quotes(page, case):
    bars = page.all("#reasons button.half")
    page.click(bars[0])
    quotes = page.all("dialog .quote")
    expect(len(quotes) > 0, f"{case}: {len(quotes)} quotes of {page.one('dialog h2').text!r}")
    marks = [mark.text for mark in page.all("dialog .quote mark")]
    expect(len(marks) > 0, f"{case}: evidence marked: {marks[:3]}")
    page.picture(f"{case}-quotes", whole=False)
    chooser = Select(page.one("dialog select"))
    if len(chooser.options) > 1:
        chooser.select_by_index(1)
        expect(
            page.one("dialog .figure").text.startswith(Select(page.one("dialog select")).first_selected_option.text.rsplit(" (", 1)[0]),
            f"{case}: quotes of {page.one('dialog .figure').text[:40]!r}",
        )
    other = [button for button in page.all("dialog .choice button") if button.get_attribute("aria-pressed") == "false"]
    wanted = other[0].get_attribute("data-value")
    page.click(other[0])
    expect(page.one("dialog .choice [aria-pressed=true]").get_attribute("data-value") == wanted, f"{case}: then the {wanted} ones")
    page.one("dialog .close").send_keys(Keys.ESCAPE)
    expect(not page.all("dialog"), f"{case}: escape closes the quotes")
    expect(page.run("return document.activeElement.classList.contains('half')"), f"{case}: and the focus is back on the bar")


def use_languages(page, case):
    chooser = page.all("#language")
    if not chooser:
        return
    start = page.one("#language").get_property("value")
    titles = {}
    for tag in [option.get_attribute("value") for option in Select(chooser[0]).options]:
        Select(page.one("#language")).select_by_value(tag)
        titles[tag] = page.one("h1").text
        expect(page.run("return document.documentElement.lang") == tag, f"{case}: language {tag}: {titles[tag]}")
        page.check_fits(f"{case}, {tag}")
    own = [titles[tag] for tag in titles if tag in ("en", "ru", "zh-Hans", "zh-Hant")]  # the others have names only; the rest is English
    expect(len(set(own)) == len(own), f"{case}: the page's words change with the language")
    Select(page.one("#language")).select_by_value(start)


def check_print(page, case):
    """In print: the quotes of the first reasons, no controls, no dark paper."""
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    quotes = page.run("return [...document.querySelectorAll('#print_quotes .quote')].filter(e => e.offsetHeight > 0).length")
    controls = page.run(
        "return [...document.querySelectorAll('.control, select, input')].filter(e => e.offsetHeight > 0).map(e => e.className)"
    )
    expect(quotes > 0 and not controls, f"{case}: {quotes} quotes and no controls in print {controls[:3] if controls else ''}")
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    page.printed(f"{case}-print")


def check_accessible(page, case):
    nameless = page.run("""return [...document.querySelectorAll('button, select, input')].filter(e =>
        !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML.slice(0, 80))""")
    expect(not nameless, f"{case}: every control has a name {nameless[:2] if nameless else ''}")
    headings = page.run("return [...document.querySelectorAll('h1, h2, h3')].map(e => Number(e.tagName[1]))")
    expect(headings[0] == 1 and all(b - a <= 1 for a, b in zip(headings, headings[1:])), f"{case}: headings descend by steps")


def use(page, path, case):
    page.size("desktop")
    page.open(path)
    page.picture(f"{case}-desktop")
    page.check_fits(f"{case}, desktop")
    check_accessible(page, case)
    use_reasons(page, case)
    use_segments(page, case)
    use_quotes(page, case)
    use_languages(page, case)
    check_print(page, case)
    page.size("phone")
    page.open(path)
    page.check_fits(f"{case}, phone")
    page.picture(f"{case}-phone")
    use_quotes(page, f"{case}-phone")
    page.check_quiet(case)


def check_hostile(page, path):
    page.open(path)
    for name in page.run("return [...document.querySelectorAll('#segments .tabs button')].map(b => b.dataset.segment)"):
        page.run("[...document.querySelectorAll('#segments .tabs button')].find(b => b.dataset.segment === arguments[0]).click()", name)
        page.check_fits(f"hostile, segment {name!r}")
    page.run("document.querySelector('[data-code=\"service.speed\"][data-pole=negative]').click()")
    texts = page.run("return [...document.querySelectorAll('dialog blockquote')].map(e => e.textContent)")
    expect(set(sample.HOSTILE) <= set(texts), f"hostile: all {len(sample.HOSTILE)} texts shown as they are")
    expect(
        page.run("return !window.hacked && document.scripts.length === 2 && !document.querySelector('img')"),
        "hostile: nothing of them became a script or an element",
    )
    page.picture("hostile-quotes", whole=False)
    page.run("document.querySelector('dialog .close').click()")
    page.size("phone")
    page.check_fits("hostile, phone")
    page.picture("hostile-phone")
    page.size("desktop")
    page.check_quiet("hostile")


def check_wide(page, path):
    page.open(path)
    page.click(page.all("#segments .tabs button")[2])
    expect(len(page.all("#segments .base-line")) == 12, "wide: 12 of 5,000 groups at first")
    page.click(page.one("[data-key=values]"))
    expect(len(page.all("#segments .base-line")) == 36, "wide: then 36")
    page.one("[data-key=find]").send_keys("branch 4321", Keys.ENTER)
    expect([e.text for e in page.all("#segments .base-line .value")] == ["Branch 4321"], "wide: one found by its name")
    page.picture("wide-desktop")
    page.check_quiet("wide")


def check_rest(page, paths):
    for case in ("empty", "bare", "weighted", "unfilled"):
        page.open(paths[case])
        expect(len(page.one("main").text) > 0, f"{case}: something is said: {page.one('main').text[:50]!r}")
        page.picture(f"{case}-desktop")
        page.check_quiet(case)


def main(arguments):
    out = pathlib.Path(arguments[-1])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        browser = browser_open(profile)
        try:
            page = Reader(browser, out)
            if len(arguments) > 1:
                use(page, pathlib.Path(arguments[0]), "page")
            else:
                template = (sample.ROOT / "report/dist/page.html").read_text("utf-8")
                paths = {"unfilled": out / "unfilled.html"}
                paths["unfilled"].write_text(template, "utf-8")
                for case, make in sample.CASES.items():
                    paths[case] = out / f"{case}.html"
                    paths[case].write_text(sample.page_filled(template, make("en")), "utf-8")
                use(page, paths["survey"], "survey")
                page.size("desktop")
                check_hostile(page, paths["hostile"])
                check_wide(page, paths["wide"])
                check_rest(page, paths)
        finally:
            browser.quit()
    print(f"{len(failures)} failed; pictures in {out}")
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
