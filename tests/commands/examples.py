"""What the help and the README tell users to type; and clear texts with the lexicons that are shipped."""
import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile

from harness import GOLDEN, ROOT, write_bytes
from same import ndjson, responses, table

# Text, question, the code that it must get, and the sentiment. Others may be added by rules to come.
CLEAR = [
    ("en", "Terribly slow service, we waited for two hours.", "", "service.speed:negative", "negative"),
    ("en", "The waiter was very rude to us.", "", "staff.respect:negative", "negative"),
    ("en", "Friendly and helpful staff!", "", "staff.manner:positive", "positive"),
    ("en", "Way too expensive for what you get.", "", "price.value:negative", "negative"),
    ("en", "The room was dirty.", "", "place.clean:negative", "negative"),
    ("en", "Nothing", "What could we do better?", "answer.nothing", "positive"),
    ("en", "Nothing", "What did you like?", "answer.nothing", "negative"),
    ("ru", "Мы ждали обслуживания целый час.", "", "service.speed:negative", "negative"),
    ("ru", "Хамское отношение, нагрубили.", "", "staff.respect:negative", "negative"),
    ("ru", "Очень дорого.", "", "price.value:negative", "negative"),
    ("ru", "Вежливый и приветливый персонал.", "", "staff.manner:positive", "positive"),
    ("zh", "等了一个小时才上菜，太慢了。", "", "service.speed:negative", "negative"),
    ("zh", "服务员态度很好，很热情。", "", "staff.manner:positive", "positive"),
    ("zh", "太貴了，不值這個價。", "", "price.value:negative", "negative"),
]


def test_clear(tests):
    rows = [{"id": str(i), "lang": lang, "text": text, "question": question} for i, (lang, text, question, _, _) in enumerate(CLEAR)]
    run = tests.run(["tag"], ndjson(rows), env={"VERBATIM_DATA": ROOT})
    tests.expect("clear texts", run, 0, counts=(len(CLEAR), len(CLEAR), 0))
    for line, (_, text, question, wanted, sentiment) in zip(run.out.splitlines(), CLEAR):
        seen = json.loads(line)
        codes = [tag["code"] + (f":{tag['polarity']}" if "polarity" in tag else "") for tag in seen["tags"]]
        tests.check(wanted in codes, f"shipped lexicons: {text} {question}", f"found {codes}, expected {wanted}")
        tests.same(seen["sentiment"]["label"], sentiment, f"shipped lexicons: sentiment of {text} {question}")


def test_shipped(tests):
    """The lexicons that are shipped have no errors, no rule twice, and for each code and pole enough tests; the first three languages no warnings."""
    run = tests.run(["lexicon", "check", "--to", "json"], env={"VERBATIM_DATA": ROOT})
    tests.check(run.status in (0, 3), "lexicon check of all languages", run.err)
    found = json.loads(run.out)
    kinds = [finding["kind"] for finding in found["findings"]]
    tests.same([found["errors"], kinds.count("duplicate"), kinds.count("few-tests")], [0, 0, 0], "shipped lexicons: errors, duplicates, codes with few tests")
    tests.same(found["errors"] + found["warnings"] + found["notes"], len(kinds), "lexicon check: all findings are there")
    tests.expect("lexicon check en ru zh", tests.run(["lexicon", "check", "--quiet", "en", "ru", "zh"], env={"VERBATIM_DATA": ROOT}), 0)


def test_maps(tests):
    """The maps that are shipped name codes that there are."""
    folder = os.path.join(ROOT, "lexicons/maps")
    for name in sorted(os.listdir(folder)):
        row = {"text": "rude", "lang": "en", "labels": [], "aspects": []}
        run = tests.run(["eval", "--map", os.path.join(folder, name)], ndjson([row]), env={"VERBATIM_DATA": ROOT})
        tests.expect(f"lexicons/maps/{name}", run, 0)
        tests.check(b"below: labels of the set" in run.out, f"lexicons/maps/{name} has sections", run.out)


def prepare(folder):
    """The files that examples of the help are about."""
    rows = responses(20)
    for row in rows:
        row["region"], row["comment"] = "north", row["text"]
    gold = [{"id": "1", "text": "rude", "lang": "en", "labels": ["staff.manner:negative"], "sentiment": "negative"}]
    coded = "".join(json.dumps({"id": str(i), "text": ("rude waiter %d" if i % 2 else "kind waiter %d") % i, "lang": "en", "question": "And?",
                                "labels": ["rude"] if i % 2 else ["kind"], "sentiment": "negative" if i % 2 else "positive"}) + "\n" for i in range(40)).encode()
    labelled = "".join(json.dumps(row) + "\n" for row in gold).encode()
    files = {
        "answers.ndjson.gz": gzip.compress(ndjson(rows)),
        "answers.csv": table(rows, ","),
        "gold.ndjson.gz": gzip.compress(labelled),
        "coded.ndjson.gz": gzip.compress(coded),
        "a.ndjson.gz": gzip.compress(coded),
        "b.ndjson.gz": gzip.compress(coded),
        "dev.ndjson.gz": gzip.compress(coded),
        "airline.ndjson.gz": gzip.compress(labelled.replace(b"staff.manner:negative", b"Rude Service")),
        "airline.yaml": b"Rude Service: staff.manner:negative\n",
        "moods.dic": b"%\n1\tanger\n2\tjoy\n%\nangr*\t1\nrude\t1\nso glad\t2\n",
    }
    for name, data in files.items():
        write_bytes(os.path.join(folder, name), data)
    for lexicons in ("before", "after"):
        shutil.copytree(os.path.join(GOLDEN, "lexicons"), os.path.join(folder, lexicons))


def shell(tests, line, folder, **environment):
    """Runs a line as a user types it, with the program as `verbatim`."""
    path = f"{folder}/bin:{os.environ['PATH']}"
    return tests.run(line, cwd=folder, shell=True, env={"PATH": path, **environment})


def install(tests, folder):
    os.makedirs(f"{folder}/bin", exist_ok=True)
    write_bytes(f"{folder}/bin/verbatim", f"#!/bin/sh\nexec '{tests.program}' \"$@\"\n")
    os.chmod(f"{folder}/bin/verbatim", 0o755)


def test_help(tests):
    listed = re.findall(r"^  (\w+(?: \w+)?)  ", tests.run(["--help"]).out.decode(), re.M)
    tests.check(len(listed) >= 6, "the help lists commands", listed)
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        install(tests, folder)
        for day in ("night", "mon", "tue"):
            run = shell(tests, f"verbatim tag --no-output --quiet --tally {day}.tally answers.ndjson.gz", folder)
            tests.expect(f"a tally for {day}", run, 0)
        for command in listed:
            run = shell(tests, f"verbatim {command} --help", folder)
            tests.expect(f"{command} --help", run, 0)
            text = run.out.decode()
            options = re.findall(r"^  -.*$", text, re.M)
            tests.check(options and all(len(option) > 24 for option in options), f"{command} --help: all options explained", text)
            examples = text.split("examples:\n")[-1].strip().splitlines()
            tests.check(examples and all("verbatim " + command in line for line in examples), f"{command} --help: examples", text)
            for line in examples:
                tests.expect(f"example: {line.strip()}", shell(tests, line, folder), 0)
    tests.check(re.fullmatch(r"verbatim \d+\.\d+\.\d+\n", tests.run(["--version"]).out.decode()), "--version")
    tests.same(tests.run(["tag", "--version"]).out, tests.run(["--version"]).out, "tag --version")
    tests.same(tests.run(["-h"]).out, tests.run(["--help"]).out, "-h")


# The program is built, and is not to be installed: lines of the README that do that are passed over, and `make demo` only runs the demo.
README_SHELL = """set -e
make() { if [ "$1" = demo ]; then demo/run build/verbatim out/demo; fi; }
cmake() { :; }
git() { :; }
cd() { :; }
sudo() { :; }
"""


def test_readme(tests):
    path = os.path.join(ROOT, "README.md")
    if not os.path.exists(path):
        print("examples: there is no README.md yet")
        return
    with open(path, encoding="utf-8") as file:
        blocks = re.findall(r"^```sh\n(.*?)^```", file.read(), re.M | re.S)
    tests.check(blocks, "README.md has commands to run")
    with tempfile.TemporaryDirectory() as folder:
        install(tests, folder)
        for name in ("demo", "bench", "docs", "lexicons", "tests"):
            os.symlink(os.path.join(ROOT, name), os.path.join(folder, name))
        os.symlink(f"{folder}/bin", f"{folder}/build")
        for block in blocks:
            tests.expect(f"README.md: {block.strip()}", shell(tests, README_SHELL + block, folder, VERBATIM_DATA=ROOT), 0)


def test_install(tests):
    """Installed, the program finds its lexicons from anywhere."""
    build = os.path.dirname(tests.program)
    if not shutil.which("cmake") or not os.path.exists(f"{build}/cmake_install.cmake"):
        print("examples: no build that cmake could install; left out")
        return
    with tempfile.TemporaryDirectory() as prefix:
        done = subprocess.run(["cmake", "--install", build, "--prefix", prefix], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        tests.same(done.returncode, 0, f"cmake --install: {done.stderr.decode()}")
        run = tests.run(f"'{prefix}/bin/verbatim' languages", cwd="/", shell=True, env={"VERBATIM_DATA": ""})
        tests.expect("the installed program", run, 0)
        found = [language for language in ("English", "Russian", "Chinese") if language in run.out.decode()]
        tests.same(found, ["English", "Russian", "Chinese"], "languages of the installed program")
        run = tests.run(f"'{prefix}/bin/verbatim' explain --lang en rude", cwd="/", shell=True, env={"VERBATIM_DATA": prefix})
        tests.expect("VERBATIM_DATA without lexicons", run, 1, message="languages.tsv")


def test(tests):
    test_clear(tests)
    test_shipped(tests)
    test_maps(tests)
    test_install(tests)
    test_help(tests)
    test_readme(tests)
