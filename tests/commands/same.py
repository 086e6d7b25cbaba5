"""The same responses give the same results, however they are stored, split, merged and worked on."""
import csv
import gzip
import io
import itertools
import json
import os
import random
import tempfile

from harness import read_bytes, write_bytes

TEXTS = {
    "en": ["We waited in the queue for two hours", "the staff were not rude", "the breakfast was delicious",
           "it stopped working, \"broken\" again", "very friendly, quick service", "never go back 😡", "café food was terrible",
           "nobody called", "a rip-off; I go elsewhere", "the staff &amp; manager were r u d e", "itâ€™s <b>brok</b>en 😡",
           "he said &quot;rude&quot;<br>slow reply"],
    "ru": ["Ждали неделю", "не грубили", "вежливый персонал", "долго", "больше не вернусь", "РґРѕР»РіРѕ Р¶РґР°Р»Рё РЅРµРґРµР»СЋ"],
    "zh": ["等了很久", "態度不差", "很快", "态度很差，再也不来"],
}
QUESTIONS = ["", "What could we do better?", "What did you like?", "Что улучшить?"]
SEGMENTS = ["channel", "age_band"]


def response(number, random):
    """One response as NDJSON and CSV can both say it: strings, empty where there is nothing."""
    lang = random.choice(list(TEXTS))
    text = random.choice([". ", ", but ", "\n", ""]).join(random.sample(TEXTS[lang], random.randint(1, 3)))
    return {"id": f"r{number}", "text": text, "lang": random.choice([lang, lang, ""]), "question": random.choice(QUESTIONS),
            "rating": str(random.randint(0, 10)), "weight": random.choice(["", "0.25", "1", "2.5"]),
            "channel": random.choice(["", "phone", "store", "a,b \"c\""]), "age_band": random.choice(["18-35", "56+"])}


def responses(count, seed=1):
    source = random.Random(seed)
    return [response(number, source) for number in range(count)]


def ndjson(rows):
    return "".join(json.dumps({key: value for key, value in row.items() if value or key == "text"}, ensure_ascii=number % 2 == 0) + "\n"
                   for number, row in enumerate(rows)).encode()


def table(rows, delimiter):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def members(data, *cuts):
    """Gzip of several members, cut anywhere."""
    ends = [0, *cuts, len(data)]
    return b"".join(gzip.compress(data[start:end], mtime=0) for start, end in zip(ends, ends[1:]))


TAG = ["tag", "--quiet", "--segment", ",".join(SEGMENTS)]


def test_formats(tests, rows):
    plain = ndjson(rows)
    stored = {"NDJSON": plain, "CSV": table(rows, ","), "TSV": table(rows, "\t"), "CSV with ;": table(rows, ";"),
              "CSV in gzip": gzip.compress(table(rows, ",")), "CRLF": plain.replace(b"\n", b"\r\n"), "a BOM": b"\xef\xbb\xbf" + plain,
              "no last line end": plain[:-1], "blank lines": plain.replace(b"\n", b"\n \n\n"), "gzip": gzip.compress(plain),
              "gzip of four members": members(plain, 1, 1000, 1001)}
    tagged = {name: tests.run(TAG, data).out for name, data in stored.items()}
    for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "utf-7"):
        for name in ("NDJSON", "CSV", "TSV"):
            data = stored[name].decode().encode(encoding)
            tagged[f"{name} in {encoding}"] = tests.run([*TAG, "--encoding", encoding.replace("-le", "le").replace("-be", "be")], data).out
            if encoding != "utf-7":
                tagged[f"{name} in {encoding}, guessed"] = tests.run([*TAG, "--encoding", "auto"], data).out
            if encoding in ("utf-16", "utf-32"):
                tagged[f"{name} in {encoding}, by its mark"] = tests.run(TAG, gzip.compress(data)).out
    for name, out in tagged.items():
        tests.same(out, tagged["NDJSON"], f"the same tags from {name}")
    return tagged["NDJSON"]


def test_lines(tests, rows, tagged):
    """What the contract says of each line."""
    lines = [json.loads(line) for line in tagged.splitlines()]
    tests.same([line["id"] for line in lines], [row["id"] for row in rows], "responses come out in the order in which they came in")
    tests.check(all(list(line)[:4] == ["id", "lang", "sentiment", "tags"] for line in lines), "keys stand in the contract's order")
    for line, row in zip(lines, rows):
        for tag in line["tags"]:
            spans = [(hit["start"], hit["end"]) for hit in tag["evidence"]]
            tests.check(spans and spans == sorted(spans), f"{row['id']}: evidence in text order", spans)
            tests.check(all(row["text"][hit["start"]:hit["end"]] == hit["text"] for hit in tag["evidence"]),
                        f"{row['id']}: start and end count code points", tag)


def test_merge(tests, rows, work):
    """merge(tally(a), tally(b), ...) is tally(a + b + ...), whatever the order of merging."""
    def tally(name, data):
        path = os.path.join(work, name)
        tests.expect(f"tally {name}", tests.run([*TAG, "--no-output", "--tally", path, "--quotes", "3"], data), 0)
        return path

    third = len(rows) // 3
    whole = read_bytes(tally("whole", ndjson(rows)))
    parts = [tally("a", ndjson(rows[:third])), tally("b", ndjson(rows[third:2 * third])), tally("c", ndjson(rows[2 * third:]))]
    tests.same(read_bytes(tally("turned", ndjson(rows[::-1]))), whole, "the order of responses does not change a tally")
    for order in itertools.permutations(parts):
        merged = os.path.join(work, "merged")
        tests.expect("merge", tests.run(["tally", "--tally", merged, *order]), 0)
        tests.same(read_bytes(merged), whole, f"merge of {[os.path.basename(path) for path in order]}")
    pair, rest = os.path.join(work, "pair"), os.path.join(work, "rest")
    tests.run(["tally", "--tally", pair, *parts[1:]])
    tests.run(["tally", "--tally", rest, parts[0], pair])
    tests.same(read_bytes(rest), whole, "merge of merged")
    tests.same(tests.run(["report", *parts]).out, tests.run(["report", os.path.join(work, "whole")]).out, "the page of merged tallies")
    for to in ("text", "csv", "json"):
        merged, whole = (tests.run(["tally", "--to", to, *paths]).out for paths in (parts, [os.path.join(work, "whole")]))
        tests.same(merged, whole, f"the {to} of merged tallies")


def test_threads(tests, rows, work):
    """Many small batches that finish in any order, with rejected ones among them, in several files."""
    lines = ndjson(rows).splitlines(keepends=True)
    for place in range(5, len(lines), 50):
        lines[place] = b'{"text":"broken"\n'
    half = len(lines) // 2
    files = [write_bytes(os.path.join(work, "a.ndjson"), b"".join(lines[:half])),
             write_bytes(os.path.join(work, "b.gz"), gzip.compress(b"".join(lines[half:])))]
    names = ["tagged.ndjson.gz", "tally", "page.html", "rejects.ndjson"]

    def results(*settings):
        folder = tempfile.mkdtemp(dir=work)
        out, tally, page, rejects = [os.path.join(folder, name) for name in names]
        outputs = ["-o", out, "--tally", tally, "--report", page, "--rejects", rejects]
        run = tests.run(["tag", "--segment", "channel", *settings, *outputs, *files])
        bad = len(range(5, len(lines), 50))
        tests.expect(f"{' '.join(settings)}", run, 3, counts=(len(lines), len(lines) - bad, bad))
        return [read_bytes(os.path.join(folder, name)) for name in names]

    usual = results("--threads", "1")
    tests.same(gzip.decompress(usual[0]).count(b"\n") + usual[3].count(b"\n"), len(lines), "tagged lines and rejects are all lines")
    for threads, records in itertools.product((2, 3, 8), (1, 7)):
        found = results("--threads", str(threads), "--batch-records", str(records))
        for name, left, right in zip(names, found, usual):
            tests.same(left, right, f"{name} with {threads} threads, {records} records a batch")


LABELS = ["service.speed:negative", "service.speed:positive", "staff.manner:negative", "staff.manner:positive", "intent.leave", "odd"]
SENTIMENTS = ["negative", "neutral", "mixed", "positive"]


def labelled(rows, seed=2):
    """Rows with labels, with coders, with both, or with neither."""
    source = random.Random(seed)
    coders = ["anna", "ben", "cy", "di"]

    def coding():
        return {"labels": source.sample(LABELS, source.randint(0, 3)), "sentiment": source.choice(SENTIMENTS)}

    gold = []
    for number, row in enumerate(rows):
        row = {"lang": "en", **row, "segment": {"many": number % 250, **{name: row[name] for name in SEGMENTS if row[name]}}}
        if source.random() < 0.6:
            row.update(coding())
        if source.random() < 0.6:
            row["coders"] = {name: source.choice([coding(), coding()["labels"], None]) for name in source.sample(coders, source.randint(0, 4))}
        gold.append(row)
    return gold


def test_eval(tests, rows, work):
    """Scores, intervals and mistakes do not depend on threads, batches, or the order of rows."""
    gold = labelled(rows)

    def results(data, *settings):
        errors = os.path.join(work, "errors.ndjson")
        run = tests.run(["eval", "--segment", ",".join([*SEGMENTS, "many"]), "--to", "json", "--errors", errors, "--errors-most", "20", *settings], data)
        tests.expect(f"eval {' '.join(settings)}", run, 0)
        return run.out, read_bytes(errors)

    usual = results(ndjson(gold), "--threads", "1")
    kinds = [json.loads(line)["kind"] for line in usual[1].splitlines()]
    tests.same(kinds, ["false_positive"] * 20 + ["miss"] * 20 + ["wrong_sentiment"] * 20, "mistakes: at most so many of each kind")
    for threads, records in itertools.product((2, 3, 8), (1, 7)):
        found = results(ndjson(gold), "--threads", str(threads), "--batch-records", str(records))
        tests.same(found, usual, f"eval with {threads} threads, {records} records a batch")
    tests.same(results(ndjson(gold[::-1])), usual, "eval of the rows turned round")
    every = json.loads(usual[0])["all"]
    low, high = every["micro"]["f1_interval"]
    tests.check(low < every["micro"]["f1"] < high, "micro-F1 lies in its interval", every["micro"])
    few, many = (every["segments"][name] for name in ("age_band", "many"))
    tests.check(all(one["micro"]["f1_interval"] and one["calibration"]["bins"] for one in few.values()), "intervals of a segment", few)
    tests.check(len(many) == 250 and not any(one["micro"]["f1_interval"] or one["exact_match"] or one["calibration"]["bins"] for one in many.values()),
                "of a segment with many values neither intervals nor exact match nor calibration")
    tests.same(sum(one["micro"]["gold"] for one in many.values()), every["micro"]["gold"], "but its counts")
    other = json.loads(results(ndjson(gold), "--seed", "2")[0])["all"]
    tests.check(other["micro"]["f1_interval"] != [low, high], "another seed, another interval", [low, high])
    tests.check(abs(other["micro"]["f1_interval"][0] - low) < 0.02, "but not by much", other["micro"])


def test(tests):
    rows = responses(300)
    test_lines(tests, rows, test_formats(tests, rows))
    with tempfile.TemporaryDirectory() as work:
        test_merge(tests, rows, work)
        test_eval(tests, responses(400 if tests.sanitizer else 800, 3), work)
        test_threads(tests, responses(600 if tests.sanitizer else 2000), work)
