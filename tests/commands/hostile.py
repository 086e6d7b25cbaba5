"""Damaged, wrong and malicious input. Each case names its exit status, what is said, and the counts: read = tagged + rejected."""
import collections
import gzip
import html.parser
import json
import os
import random
import re
import subprocess
import tempfile
import time

from harness import ROOT, read_bytes, write_bytes

GOOD = b'{"id":"a","lang":"en","text":"rude"}\n'
PEAK_BYTES_MAX = 150 << 20

Case = collections.namedtuple("Case", "name data options status message counts", defaults=([], 3, None, None))


def flipped(data, place):
    return data[:place] + bytes([data[place] ^ 0xff]) + data[place + 1:]


def noise(count):
    """Responses that hardly compress, so that a place in the file is a place in the text."""
    source = random.Random(7)
    return b"".join(b'{"id":"%d","lang":"en","text":"rude %s"}\n' % (i, source.randbytes(40).hex().encode()) for i in range(count))


def gzip_cases():
    packed = gzip.compress(noise(1000), mtime=0)
    return [
        Case("truncated gzip", packed[:-20], message="expected more compressed data"),
        Case("gzip cut in its header", packed[:5], message="found the end after 5 bytes", counts=(0, 0, 0)),
        Case("gzip without its checksum", gzip.compress(GOOD)[:-8], message="found the end after", counts=(1, 1, 0)),
        Case("a flipped byte in the middle", flipped(packed, len(packed) // 2), message="found damaged compressed data at byte"),
        Case("a wrong checksum", flipped(gzip.compress(GOOD), -8), message="incorrect data check", counts=(1, 1, 0)),
        Case("a header of no gzip", b"\x1f\x8b" + b"\xff" * 50, message="found damaged compressed data at byte", counts=(0, 0, 0)),
        Case("garbage after a member", gzip.compress(GOOD) + b"garbage", message="found byte 0x67 at byte", counts=(1, 1, 0)),
        Case("garbage that begins like gzip", gzip.compress(GOOD) + b"\x1f\x8b\x08", message="expected more compressed data",
             counts=(1, 1, 0)),
        Case("zeros after a member", gzip.compress(GOOD) + bytes(1000), status=0, counts=(1, 1, 0)),
        Case("empty gzip", gzip.compress(b""), status=0, counts=(0, 0, 0)),
        Case("gzip in gzip", gzip.compress(gzip.compress(GOOD)), message="found byte 0x8b", counts=(0, 0, 0)),
        Case("zstd", b"\x28\xb5\x2f\xfd....", message="found zstd data, expected gzip or plain text", counts=(0, 0, 0)),
        Case("zip", b"PK\x03\x04....", message="found a zip archive or spreadsheet file", counts=(0, 0, 0)),
    ]


def json_cases():
    bad = {
        "no closing brace": (b'{"text":"rude"', "found the end, expected ',' or '}'"),
        "two values": (b'{"text":"rude"} {"text":"rude"}', "expected nothing behind the value"),
        "no quotes around a key": (b'{text:"rude"}', "expected"),
        "a comma too many": (b'{"text":"rude",}', "expected"),
        "single quotes": (b"{'text':'rude'}", "expected"),
        "no colon": (b'{"text" "rude"}', "expected ':'"),
        "a bare word": (b'{"text":rude}', "expected"),
        "NaN": (b'{"text":"rude","rating":NaN}', "expected"),
        "a number with a zero before it": (b'{"text":"rude","rating":07}', "expected"),
        "a wrong escape": (rb'{"text":"\x41"}', "expected"),
        "a tab in a string": (b'{"text":"a\tb"}', "expected"),
        "an array": (b'["rude"]', "found an array, expected an object"),
        "null": (b"null", "found null, expected an object"),
        "text a number": (b'{"text":7}', "found a number for 'text', expected a string"),
        "text an object": (b'{"text":{"text":"rude"}}', "found an object for 'text', expected a string"),
        "id true": (b'{"id":true,"text":"rude"}', "expected a string or a number"),
        "lang a list": (b'{"lang":["en"],"text":"rude"}', "for 'lang', expected a string"),
        "segment a string": (b'{"segment":"x","text":"rude"}', "for 'segment', expected an object"),
        "a segment value a list": (b'{"segment":{"x":[1]},"text":"rude"}', "for 'x', expected a string or a number"),
        "weight below zero": (b'{"weight":-1,"text":"rude"}', "found weight -1, expected above 0"),
        "weight infinite": (b'{"weight":1e999,"text":"rude"}', "expected"),
        "no text": (b'{"id":"x","Text":"rude"}', "found 'id', 'Text', expected 'text'"),
        "no member": (b"{}", "found no members, expected 'text'"),
        "invalid UTF-8": (b'{"text":"ru\xffde"}', "no UTF-8"),
        "UTF-8 cut off": (b'{"text":"rude \xe2\x82"}', "no UTF-8"),
        "overlong UTF-8": (b'{"text":"\xc0\xaf"}', "no UTF-8"),
        "a surrogate in UTF-8": (b'{"text":"\xed\xa0\x80"}', "no UTF-8"),
        "Latin-1": ('{"text":"grüße"}'.encode("latin-1"), "no UTF-8"),
        "a lone surrogate": (rb'{"text":"\ud800 rude"}', "half of a surrogate pair"),
        "surrogates the wrong way round": (rb'{"text":"\ude21\ud83d"}', "half of a surrogate pair"),
        "NUL": (b'{"text":"a\0b"}', "expected"),
        "NUL between tokens": (b'{"text":\0"b"}', "expected"),
        "nested 100,000 deep": (b'{"text":"rude","x":' + b"[" * 100000 + b"]" * 100000 + b"}", "more than 64 deep"),
        "nested 100,000 deep and not closed": (b'{"a":' * 100000, "more than 64 deep"),
    }
    cases = [Case(name, GOOD + line + b"\n" + GOOD, message=message, counts=(3, 2, 1)) for name, (line, message) in bad.items()]
    return cases + [
        Case("NUL as an escape", rb'{"text":"rude \u0000 broken","lang":"en"}', status=0, counts=(1, 1, 0)),
        Case("only rejects", b"{\n{}\n{\n", counts=(3, 0, 3)),
        Case("one JSON array", b'[{"text":"rude"}]\n', message="expected one JSON object a line", counts=(0, 0, 0)),
        Case("UTF-16", '{"text":"rude"}'.encode("utf-16"), status=0, message="taken as UTF-16LE", counts=(1, 1, 0)),
        Case("UTF-16 cut off", '{"text":"rude"}\n{"text":"rude"}'.encode("utf-16")[:-1], message="found the end of the file within a character",
             counts=(2, 1, 1)),
        Case("a key twice", b'{"text":"rude","text":7,"lang":"en"}', status=0, counts=(1, 1, 0)),
        Case("an endless number", GOOD + b'{"text":"rude","rating":' + b"9" * 5000 + b"}\n", counts=(2, 1, 1)),
        Case("a record over the limit", GOOD + b'{"text":"' + b"x" * 200 + b'"}\n' + GOOD, ["--max-record", "100"],
             message="more than 100 bytes", counts=(3, 2, 1)),
        Case("300 segments", GOOD + json.dumps({"text": "rude", "segment": {str(i): i for i in range(300)}}).encode() + b"\n" + GOOD,
             message="more than 256 segments", counts=(3, 2, 1)),
    ]


def csv_cases():
    return [
        Case("a quote that is not closed", b'id,text\n1,rude\n2,"rude\n3,rude\n', message="quote that is not closed", counts=(3, 2, 1)),
        Case("a quote not closed in the header", b'id,"text\n1,rude\n', message="1 damaged part", counts=(0, 0, 0)),
        Case("ragged rows", b"id,text\n1,rude\n2\n3,rude,more\n4,rude\n", message="found 1 columns, expected 2", counts=(4, 2, 2)),
        Case("bytes behind a quote", b'id,text\n1,"rude"x\n2,rude\n', message="behind a closing quote", counts=(2, 1, 1)),
        Case("no such column", b"id,comment\n1,rude\n", message="found columns 'id', 'comment', expected 'text'", counts=(0, 0, 0)),
        Case("no such column for --field", b"id,text\n1,rude\n", ["--field", "text=body"], message="expected 'body'", counts=(0, 0, 0)),
        Case("no such column for --segment", b"id,text\n1,rude\n", ["--segment", "age"], message="expected 'age'", counts=(0, 0, 0)),
        Case("a column twice", b"text,text\nrude,rude\n", message="found two columns 'text'", counts=(0, 0, 0)),
        Case("invalid UTF-8 in a row", b"text\nru\xffde\nrude\n", message="found byte 0xff, which is no UTF-8", counts=(2, 1, 1)),
        Case("invalid UTF-8 in the header", b"te\xffxt\nrude\n", message="found byte 0xff", counts=(0, 0, 0)),
        Case("NUL in a row", b"text\nru\0de\nrude\n", message="found byte 0x00", counts=(2, 1, 1)),
        Case("a weight that is none", b"text,weight\nrude,heavy\nrude,nan\nrude,0x10\nrude,2\n", message="found 'heavy' for 'weight'",
             counts=(4, 1, 3)),
        Case("a header alone", b"id,text\n", status=0, counts=(0, 0, 0)),
        Case("a BOM and CRLF", b"\xef\xbb\xbfid,text\r\n1,rude\r\n", status=0, counts=(1, 1, 0)),
        Case("blank lines", b"\n\nid,text\n\n1,rude\n  \n", status=0, counts=(1, 1, 0)),
        Case("no line end in the header", b"x" * 5000, ["--max-record", "1000"],
             message="found no line end in the first 1000 bytes", counts=(0, 0, 0)),
        Case("a nonsense file", bytes(range(256)) * 4, message="1 damaged part"),
        Case("a quote at every line", b'text\n' + b'"x\n' * 2001, message="quote that is not closed"),
    ]


ENCODINGS = ["windows-1251", "windows-1252", "windows-1254", "windows-1256", "koi8-r", "iso-8859-5", "gb18030", "big5", "shift_jis", "euc-kr",
             "euc-jp", "utf-16", "utf-16be", "utf-32", "utf-7", "iso-2022-jp", "iso-2022-kr", "auto"]
IN_ORDER = 11  # of those: a line feed stands for itself


def encoding_cases():
    """Random bytes, and good rows with a random byte in every third: no crash, and all counted."""
    source = random.Random(11)
    cases = []
    for number, encoding in enumerate(ENCODINGS):
        noise = source.randbytes(20000).replace(b"\0", b"\n")
        rows = b"".join(b'%d,"slow \xe4\xee%s",rude\n' % (i, bytes([source.randrange(128, 256)]) if i % 3 == 0 else b"") for i in range(300))
        lines = sum(1 for line in noise.split(b"\n") if line.strip(b" \t\r"))
        counts = (lines, 0, lines) if number < IN_ORDER else None
        cases.append(Case(f"noise in {encoding}", noise, ["--from", "ndjson", "--encoding", encoding], counts=counts))
        cases.append(Case(f"noise as CSV in {encoding}", b"text\n" + noise, ["--encoding", encoding], status=None))
        cases.append(Case(f"damaged rows in {encoding}", b"id,text,more\n" + rows, ["--encoding", encoding], status=None,
                          message="300 responses read" if number < IN_ORDER else None))
    return cases + [
        Case("an encoding that is not the file's", 'text\nИщем\n'.encode(), ["--encoding", "windows-1251"],
             message="found byte 0x98 at byte 6 of the file, which is no windows-1251", counts=(1, 0, 1)),
        Case("bytes whose encoding cannot be guessed", b"text\nrude\n" + source.randbytes(3000).replace(b"\n", b""), ["--encoding", "auto"],
             message="in an encoding that cannot be guessed, from byte"),
        Case("windows-1251 that nobody declared", "text\nдолго\nдолго\n".encode("windows-1251"), message="give it with --encoding NAME", counts=(2, 0, 2)),
        Case("a header in windows-1251 that nobody declared", "текст\nдолго\n".encode("windows-1251"), message="give it with --encoding NAME"),
    ]


def other_cases():
    return [
        Case("an empty file", b"", status=0, counts=(0, 0, 0)),
        Case("only a BOM", b"\xef\xbb\xbf", status=0, counts=(0, 0, 0)),
        Case("only blank lines", b"\n \r\n\t\n", status=0, counts=(0, 0, 0)),
        Case("blank lines between", b"\n" + GOOD + b"\r\n   \n" + GOOD, status=0, counts=(2, 2, 0)),
        Case("no last line end", GOOD + GOOD[:-1], status=0, counts=(2, 2, 0)),
        Case("CRLF", GOOD[:-1] + b"\r\n" + GOOD[:-1] + b"\r\n", status=0, counts=(2, 2, 0)),
    ]


def test_case(tests, case, work):
    """A message of a rejected record stands in --rejects; all other messages on standard error."""
    source = write_bytes(os.path.join(work, "input"), case.data)
    rejects, tally = os.path.join(work, "rejects"), os.path.join(work, "tally")
    run = tests.run(["tag", "--rejects", rejects, "--tally", tally, *case.options, source])
    status = run.status if case.status is None and run.status in (0, 3) else case.status
    tests.expect(case.name, run, status, counts=case.counts)
    summary = re.search(rb"(\d+) responses read = (\d+) tagged \+ (\d+) rejected", run.err)
    if not tests.check(summary, f"{case.name}: a summary", run.err):
        return
    read, tagged, rejected = map(int, summary.groups())
    lines = [json.loads(line) for line in read_bytes(rejects).splitlines()]
    tests.same(read, tagged + rejected, f"{case.name}: read = tagged + rejected")
    tests.same(len([json.loads(line) for line in run.out.splitlines()]), tagged, f"{case.name}: tagged lines")
    tests.same(len(lines), rejected, f"{case.name}: rejects")
    head = read_bytes(tally).splitlines()[0].decode()
    tests.check(f'"read":{read},"tagged":{tagged},"rejected":{rejected}' in head, f"{case.name}: counts of the tally", head)
    said = run.err.decode("utf-8", "replace") + "".join(f"{line['message']}\n" for line in lines)
    tests.check(case.message is None or case.message in said, f"{case.name}: message", f"found: {said}\nexpected in it: {case.message}")


def test_before_damage(tests):
    """All that comes before a damage is tagged, and nothing that is behind it."""
    text = noise(1000)
    packed = gzip.compress(text, mtime=0)
    for name, data in (("truncated", packed[:len(packed) // 2]), ("flipped", flipped(packed, len(packed) // 2))):
        run = tests.run(["tag"], data)
        ids = [json.loads(line)["id"] for line in run.out.splitlines()]
        tests.check(len(ids) > 300 and ids == [str(i) for i in range(len(ids))], f"{name} in the middle: the responses before it", len(ids))
        tests.expect(f"{name} in the middle", run, 3, message="1 damaged part")
    run = tests.run(["tag", "--threads", "2", "-", os.devnull], packed[:-100])
    tests.expect("truncated, and another file", run, 3, message="1 damaged part")


def test_long_question(tests):
    """A question of many new words makes the memory of words move, which tokens of the response must not notice (they did: use after free)."""
    question = " ".join(f"word{i}x" for i in range(20000))
    row = json.dumps({"id": "1", "lang": "en", "question": question, "text": "The waiter was rude."}).encode() + b"\n"
    run = tests.run(["tag"], row, env={"VERBATIM_DATA": ROOT})
    tests.expect("a question of 20,000 words", run, 0)
    tests.check([tag["code"] for tag in json.loads(run.out)["tags"]] == ["staff.respect"], "a question of 20,000 words: tags", run.out)


def test_long_line(tests):
    """30 MB without a line end: rejected, in bounded memory."""
    begin = b'{"text":"'
    cases = {"NDJSON": (begin, b"", (1, 0, 1)), "NDJSON among others": (GOOD + begin, b"\n" + GOOD, (3, 2, 1)),
             "CSV": (b"text\n", b"", (1, 0, 1)), "CSV with an open quote": (b'text\n"', b"", (1, 0, 1)), "gzip": (begin, b"", (1, 0, 1))}
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "input")
        for name, (before, behind, counts) in cases.items():
            write_long(path, before, behind, gzip.open if name == "gzip" else open)
            run = tests.run(["tag", "--threads", "2", path])
            tests.expect(f"30 MB in one line, {name}", run, 3, counts=counts)
            if not tests.sanitizer:
                tests.check(run.peak_bytes < PEAK_BYTES_MAX, f"30 MB in one line, {name}: memory", f"{run.peak_bytes >> 20} MB")
        write_long(path, begin, b'"}\n', open)
        run = tests.run(["tag", "--threads", "2", "--max-record", "64000000", "--no-output", path])
        tests.expect("30 MB that are allowed", run, 0, counts=(1, 1, 0))


def write_long(path, before, behind, opened):
    """Piece by piece: what this process holds when it starts the program counts as memory of the program."""
    with opened(path, "wb") as file:
        file.write(before)
        for _ in range(300):
            file.write(b"long " * 20000)
        file.write(behind)


def test_files(tests):
    """Files that cannot be read are said before anything is done."""
    with tempfile.TemporaryDirectory() as work:
        good = write_bytes(os.path.join(work, "good"), GOOD)
        cases = (("a folder", work, "found a directory, expected a file"), ("nothing", work + "/x", "No such file"),
                 ("an empty name", "", "No such file"))
        for name, path, message in cases:
            run = tests.run(["tag", good, path])
            tests.expect(f"{name} to tag", run, 1, message=message)
            tests.same(run.out, b"", f"{name} to tag: nothing was tagged")
            tests.expect(f"{name} to eval", tests.run(["eval", path]), 1, message=message)
            tests.expect(f"{name} to tally", tests.run(["tally", path]), 1)
        tests.expect("no lexicons", tests.run(["tag"], GOOD, env={"VERBATIM_DATA": work}), 1)


def test_dictionaries(tests):
    """Dictionaries of other programs, damaged or malicious: what is said is safe, and nothing half done is left."""
    evil = EVIL.replace("\0", "")
    with tempfile.TemporaryDirectory() as work:
        def imported(name, data, *more):
            path = write_bytes(os.path.join(work, "dictionary"), data)
            return tests.run(["lexicon", "import", "--lang", "en", "-o", os.path.join(work, name), *more, path])

        line = json.dumps({"label": evil, "pattern": [{"LOWER": evil, "POS": evil}]}) + "\n" + json.dumps({"label": evil, "pattern": "fine"})
        run = imported("names", line.encode(), "--from", "spacy")
        tests.expect("a hostile pattern", run, 3, message="1 rules of 1 codes")
        safe(tests, run.err, "a hostile pattern is said safely")
        rules = f"net.code:\n  - match: fine\n    {json.dumps(evil)}: x\n"
        os.makedirs(os.path.join(work, "own", "en"))
        write_bytes(os.path.join(work, "own", "en", "reasons.yaml"), rules.encode())
        for more in ([], ["--list"]):
            run = tests.run(["lexicon", "export", "--to", "liwc", "--lang", "en", "--lexicons", os.path.join(work, "own"), *more])
            tests.expect("a hostile key", run, 3, message="0 of 1 rules written")
            safe(tests, run.err, "a hostile key is said safely")
        many = b"".join(b"key%d: [x]\n" % i for i in range(100000))
        tests.expect("100,000 categories", imported("many", many, "--from", "quanteda"), 2, message="found more than 1000 categories with entries")
        long = b"a: [" + b"x" * (1 << 20) + b"]\n"
        tests.expect("a word of 1 MB", imported("long", long, "--from", "quanteda"), 0)
        tests.expect("nothing that could be taken", imported("none", b"a: ['*']\n", "--from", "quanteda"), 2, message="found no entry that could be taken")
        left = sorted(os.listdir(work))
        tests.same(left, ["dictionary", "long", "names", "own"], "a failed import leaves no folder")
        for arguments in (["--from", "liwc", work], ["--from", evil, work], ["--from", "liwc", f"{work}/{evil}"]):
            run = tests.run(["lexicon", "import", "--lang", "en", "-o", os.path.join(work, "new"), *arguments])
            tests.check(run.status in (1, 2), f"lexicon import {arguments[0]}: exit status", run)
            safe(tests, run.err, "a wrong import is said safely")
        run = tests.run(["lexicon", "export", "--to", "quanteda", "--lang", "en", "-o", "/dev/full"])
        tests.expect("an export to a full disk", run, 1, message="/dev/full")


def test_pipes(tests):
    """A reader that leaves is a write error, not a crash and not an endless run."""
    for arguments in (["tag"], ["explain", "rude"], ["languages"], ["tag", "--help"], ["--help"], ["--version"]):
        reader, writer = os.pipe()
        os.close(reader)
        process = subprocess.Popen([tests.program, *arguments], env=tests.environment(), stdin=subprocess.PIPE, stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        _, said = process.communicate(GOOD * 20000)
        name = f"{' '.join(arguments)} into a closed pipe"
        tests.same(process.returncode, 1, f"{name}: exit status")
        tests.check(b"standard output: cannot be written: Broken pipe" in said, f"{name}: message", said)
    run = tests.run(f"'{tests.program}' tag | head -1 | wc -l", GOOD * 20000, shell=True)
    tests.same(run.out.strip(), b"1", "tag | head -1")
    for closed, status in ((">&-", b"1\n"), (">&- 2>&-", b"1\n"), ("<&-", b"3\n"), ("2>&-", b"3\n")):
        with tempfile.TemporaryDirectory() as work:
            good, bad = write_bytes(work + "/good", GOOD), write_bytes(work + "/bad", b"{\n")
            tests.run(f"'{tests.program}' tag --rejects rejects {good} {bad} {closed}; echo $? > status", cwd=work, shell=True)
            tests.same(read_bytes(work + "/status"), status, f"tag {closed}: exit status")
            tests.same(read_bytes(good), GOOD, f"tag {closed}: the input is as it was")
            left = read_bytes(work + "/rejects") if os.path.exists(work + "/rejects") else b""
            clean = b"staff.manner" not in left and b"verbatim:" not in left
            tests.check(clean, f"tag {closed}: nothing but rejects among the rejects", left)


# ---- what a respondent wrote must stay text ----

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\x1b]0;owned\x07\u009b2J\u202e&amp;'\"\\ \u2028 rude"
FORMULAS = ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"]
TERMINAL = re.compile("[\x00-\x09\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]")


class Page(html.parser.HTMLParser):
    """The tags of a page, and what stands in its scripts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.in_script = collections.Counter(), [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        self.in_script = tag == "script"
        if self.in_script:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.in_script = self.in_script and tag != "script"

    def handle_data(self, data):
        if self.in_script:
            self.scripts[-1] += data


def test_page(tests, tally, plain_tally):
    """The page has no element more than one of harmless texts, and its figures hold the texts as they were."""
    page, plain = (Page(tests.run(["report", path]).out.decode()) for path in (tally, plain_tally))
    tests.same(page.tags, plain.tags, "hostile texts add no element to the page")
    start = "const DATA = "
    data = next(script for script in page.scripts if script.startswith(start))
    tests.check(not re.search("[<>&\u2028\u2029]", data), "the figures in the page have nothing that HTML or a script obeys", data[:300])
    tests.check(EVIL in strings(json.loads(data[len(start):-1])), "the text itself is in the page")


def strings(value):
    """All strings in a JSON value."""
    if isinstance(value, str):
        return [value]
    inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [string for item in inner for string in strings(item)]


def safe(tests, data, name):
    found = TERMINAL.search(data.decode("utf-8", "replace"))
    tests.check(not found, name, data[:600])


def test_escapes(tests):
    with tempfile.TemporaryDirectory() as work:
        def tally(name, rows):
            path = os.path.join(work, name)
            data = "".join(json.dumps(row) + "\n" for row in rows).encode()
            tests.expect(f"tally of {name}", tests.run(["tag", "--no-output", "--quiet", "--segment", EVIL, "--tally", path], data), 0)
            return path

        rows = [{"id": EVIL, "text": EVIL, "lang": "en", "segment": {EVIL: value}} for value in [EVIL, *FORMULAS]]
        hostile = tally("hostile texts", rows)
        plain = tally("plain texts", [{"id": str(i), "text": "rude", "lang": "en", "segment": {EVIL: str(i)}} for i in range(len(rows))])
        test_page(tests, hostile, plain)
        safe(tests, tests.run(["tally", hostile]).out, "the text table shows controls as \\x")
        table = tests.run(["tally", "--to", "csv", hostile]).out.decode()
        for formula in FORMULAS:
            cell = formula.replace('"', '""')
            disarmed = f"'{cell}" in table and f",{cell}" not in table and f',"{cell}' not in table
            tests.check(disarmed, f"the CSV table disarms {formula!r}", table[:300])
        rows_of_json = json.loads(tests.run(["tally", "--to", "json", hostile]).out)
        tests.check(EVIL in strings(rows_of_json), "the JSON table holds values as they are")
        tagged = tests.run(["tag"], "".join(json.dumps(row) + "\n" for row in rows).encode()).out
        tests.same([json.loads(line)["id"] for line in tagged.splitlines()], [EVIL] * len(rows), "tagged lines hold ids as they are")


def test_terminal(tests):
    """Nothing that a terminal obeys gets to standard error, or out of what is made for reading."""
    evil = EVIL.replace("\0", "")
    safe(tests, tests.run(["explain", "--lang", "en", "--question", evil, evil]).out, "explain shows controls as \\x")
    safe(tests, tests.run([evil]).err, "an unknown command is said safely")
    for arguments in (["tag", f"--{evil}"], ["tag", "--lang", evil], ["tag", "--field", evil], ["tag", evil], ["eval", evil],
                      ["tally", evil], ["tag", "--threads", evil], ["tag", "--lexicons", evil], ["tag", "-o", f"/nowhere/{evil}"]):
        safe(tests, tests.run(arguments, GOOD).err, f"{arguments[0]} {arguments[1][:6]}... is said safely")
    gold = json.dumps({"text": "rude", "lang": f"\x1b[31m{evil}", "labels": [evil, "staff.manner:negative"], "sentiment": evil}) + "\n"
    safe(tests, tests.run(["eval"], gold.encode()).out, "eval shows languages and labels safely")
    safe(tests, tests.run(["eval"], gold.encode()).err, "eval says it safely")
    coded = json.dumps({"id": evil, "text": f"rude {evil}", "lang": "en", "question": evil, "segment": {"s": evil}, "sentiment": "positive",
                        "coders": {evil: ["intent.leave", evil], f"b{evil}": []}}) + "\n"
    coded += json.dumps({"text": "rude", "lang": "en", "labels": ["intent.leave"], "segment": {"s": "b"}}) + "\n"
    safe(tests, tests.run(["eval", "--segment", "s"], coded.encode()).out, "eval shows coders, their labels and segments safely")
    with tempfile.TemporaryDirectory() as work:
        scores = json.loads(tests.run(["eval", "--segment", "s", "--to", "json", "--errors", "errors"], coded.encode(), cwd=work).out)["all"]
        tests.check(evil in scores["segments"]["s"] and evil in scores["coders"]["against"], "the JSON of eval holds names as they are", scores)
        mistakes = [json.loads(line) for line in read_bytes(os.path.join(work, "errors")).splitlines()]
        tests.same([line["id"] for line in mistakes if line["kind"] == "wrong_sentiment"], [evil], "mistakes hold ids as they are")
    safe(tests, tests.run(["eval"], f'{{"text":7,"{evil}":'.encode()).err, "eval says a reject safely")
    for header in (f"{evil},x\n1,2\n".encode(), b"a\x1b[31m,\xc2\x9b2J\n1,2\n"):
        safe(tests, tests.run(["tag"], header).err, "a wrong header is said safely")
    json.loads(tests.run(["eval", "--to", "json"], gold.encode()).out)


def test_match_limits(tests):
    """A regex that blows up is given up for that response, said once, and stops nothing; with any threads and batches."""
    bomb = json.dumps({"lang": "en", "text": "slow " + "x" * 60 + "!"})
    kind = json.dumps({"lang": "en", "text": "slow xxxy!"})
    data = "".join([bomb, "\n", kind, "\n"] * 40).encode()
    with tempfile.TemporaryDirectory() as work:
        os.mkdir(os.path.join(work, "en"))
        write_bytes(os.path.join(work, "en", "reasons.yaml"), "speed:\n  negative:\n    - slow\n    - '/(x+x+)+[yz]/'\n    - {match: '/(x+x+)+[yz]/ NEAR/3 slow', id: second}\n")
        usual = None
        for settings in ([], ["--threads", "1"], ["--threads", "8", "--batch-records", "1"]):
            run = tests.run(["tag", "--quiet", "--lexicons", work, *settings], data)
            tests.expect(f"match limits {settings}", run, 0)
            tests.same(run.err, b"verbatim: en/speed/2: gave up on 40 responses (match limit of its regex)\n"
                                b"verbatim: second: gave up on 40 responses (match limit of its regex)\n", f"match limits {settings}: said once")
            tagged = [[evidence["text"] for tag in json.loads(line)["tags"] for evidence in tag["evidence"]] for line in run.out.splitlines()]
            tests.same(tagged, [["slow"], ["slow xxxy"]] * 40, f"match limits {settings}: the other rules hold")
            tests.same(run.out, usual or run.out, f"match limits {settings}: same bytes")
            usual = run.out


def test_worst(tests):
    """Twice as much takes about twice as long: no input makes the reading stages slow."""
    def seconds(data):
        best = 1e9
        for _ in range(3):
            begun = time.monotonic()
            tests.run(["tag", "--threads", "1", "--no-output"], data)
            best = min(best, time.monotonic() - begun)
        return best

    shapes = {
        "open quotes": lambda n: b"text\n" + b'"x\n' * n,
        "short rejects": lambda n: b"{\n" * n,
        "nesting": lambda n: b'{"x":' + b"[" * n + b"\n",
        "one long word": lambda n: b'{"lang":"en","text":"' + b"a" * n + b'"}\n',
        "negations": lambda n: b'{"lang":"en","text":"' + b"not " * (n // 4) + b'"}\n',
    }
    for name, shape in shapes.items():
        small, large = seconds(shape(100000)), seconds(shape(800000))
        tests.check(large < 8 * small * 3 + 0.5, f"8 times the {name}", f"{small:.2f} s, then {large:.2f} s")


def test(tests):
    with tempfile.TemporaryDirectory() as work:
        for case in gzip_cases() + json_cases() + csv_cases() + encoding_cases() + other_cases():
            test_case(tests, case, work)
    for part in (test_before_damage, test_long_question, test_long_line, test_files, test_dictionaries, test_pipes, test_escapes, test_terminal, test_match_limits):
        part(tests)
    if not tests.sanitizer:
        test_worst(tests)
