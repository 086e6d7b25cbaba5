"""Golden runs: tests/golden/NAME/ holds

    cmd        lines for sh; $VERBATIM is the program, $TMP a folder for what is no result, $ROOT the repository
    ...        the files that cmd reads
    expect/    stdout, stderr, status, and each file that cmd writes beside its inputs

cmd runs in a copy of the folder. So that what is expected can be read and depends on no machine, seconds become S; of X.gz the unpacked
bytes are kept as X.gz.unpacked, of a page (X.html) only its figures as X.html.figures.

Each run is repeated with other threads, batches and chunks. Nothing may differ, and .gz files not in any byte.
"""
import concurrent.futures
import gzip
import itertools
import json
import os
import re
import shutil
import tempfile

from harness import GOLDEN, ROOT, read_bytes, write_bytes

SETTINGS = [f"--threads {threads} --batch-records {records} --chunk-bytes {chunk}"
            for threads, records, chunk in itertools.product((1, 2, 3, 8), (1, 1000), (1, 7, 65536))]
# Under a sanitizer, which is slow, and for commands that only begin with a tag.
SETTINGS_FEW = [f"--threads {threads} --batch-records {records} --chunk-bytes {chunk}"
                for threads, records, chunk in ((1, 1, 1), (2, 1000, 7), (3, 1, 65536), (8, 1, 7), (8, 1000, 1))]

WRAPPER = """#!/bin/sh
# The program with settings that must not change what it says.
case $1 in tag | eval) command=$1; shift; exec '{program}' "$command" {settings} "$@" ;; esac
case "$1 $2" in "lexicon check" | "lexicon stats" | "lexicon diff") command=$2; shift 2; exec '{program}' lexicon "$command" {settings} "$@" ;; esac
exec '{program}' "$@"
"""


def names():
    return sorted(name for name in os.listdir(GOLDEN) if os.path.exists(os.path.join(GOLDEN, name, "cmd")))


def files_under(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, files in os.walk(folder) for name in files)


def figures(page):
    """The JSON object in a page; on a line each its members, and the items of those that are lists."""
    found = json.loads(re.search(rb"<script>const DATA = (.*?);</script>", page, re.S).group(1))
    items = [(key, item) for key, value in found.items() for item in (value if isinstance(value, list) else [value])]
    return "".join(f"{key}: {json.dumps(item, ensure_ascii=False)}\n" for key, item in items).encode()


def readable(results):
    """What is compared and kept of what a run left: {name: bytes}."""
    kept = {}
    for name, data in results.items():
        if name.endswith(".gz"):
            kept[name + ".unpacked"] = gzip.decompress(data)
        elif name.endswith(".html"):
            kept[name + ".figures"] = figures(data)
        else:
            kept[name] = data
    kept["stderr"] = re.sub(rb"\d+\.\d\d s\n", b"S s\n", kept["stderr"])
    return kept


def results_of(tests, name, settings=""):
    """Runs a golden run; what it left as {name: bytes}, just as it was."""
    source = os.path.join(GOLDEN, name)
    with tempfile.TemporaryDirectory() as work:
        here, temporary, program = (os.path.join(work, part) for part in ("run", "tmp", "verbatim"))
        shutil.copytree(source, here, ignore=shutil.ignore_patterns("expect", "cmd"))
        os.mkdir(temporary)
        before = set(files_under(here))
        write_bytes(program, WRAPPER.format(program=tests.program, settings=settings))
        os.chmod(program, 0o755)
        run = tests.run(read_bytes(os.path.join(source, "cmd")).decode(), cwd=here, shell=True,
                        env={"VERBATIM": program, "TMP": temporary, "ROOT": ROOT})
        results = {path: read_bytes(os.path.join(here, path)) for path in files_under(here) if path not in before}
    return {"stdout": run.out, "stderr": run.err, "status": b"%d\n" % run.status, **results}


def update(name, kept):
    folder = os.path.join(GOLDEN, name, "expect")
    shutil.rmtree(folder, ignore_errors=True)
    for path, data in kept.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        write_bytes(os.path.join(folder, path), data)


def test_one(tests, name):
    results = results_of(tests, name)
    kept = readable(results)
    if tests.update:
        update(name, kept)
    folder = os.path.join(GOLDEN, name, "expect")
    expected = {path: read_bytes(os.path.join(folder, path)) for path in files_under(folder)}
    tests.same("\n".join(sorted(kept)), "\n".join(sorted(expected)), f"golden {name}: files")
    for path in kept.keys() & expected.keys():
        tests.same(kept[path], expected[path], f"golden {name}: {path}")
    return results


def test_settings(tests, name, usual, settings):
    """The same bytes as with the usual settings, but for the seconds."""
    results = results_of(tests, name, settings)
    usual, results = ({**them, "stderr": readable(them)["stderr"]} for them in (usual, results))
    tests.same("\n".join(sorted(results)), "\n".join(sorted(usual)), f"golden {name} {settings}: files")
    for path in results.keys() & usual.keys():
        tests.same(results[path], usual[path], f"golden {name} {settings}: {path}")


def settings_of(tests, name):
    return SETTINGS if name.startswith("tag") and not tests.sanitizer else SETTINGS_FEW


def test(tests, wanted):
    chosen = [name for name in names() if not wanted or name in wanted]
    reading = [name for name in chosen if re.search(r"VERBATIM (tag|eval|lexicon (check|stats|diff))", read_bytes(os.path.join(GOLDEN, name, "cmd")).decode())]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        usual = dict(zip(chosen, pool.map(lambda name: test_one(tests, name), chosen)))
        cases = [(name, settings) for name in reading for settings in settings_of(tests, name)]
        list(pool.map(lambda case: test_settings(tests, case[0], usual[case[0]], case[1]), cases))
