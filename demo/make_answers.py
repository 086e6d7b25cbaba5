#!/usr/bin/env python3
"""Rebuild demo/answers.ndjson.gz from its sources (see SOURCES.md).

usage: demo/make_answers.py SHARED

Takes SHARED/frame/written-a.ndjson.gz, every demo/written-*.ndjson, and 600 of the CC0 reviews in SHARED/data/skytrax.
Same sources, same bytes: whatever looks random is a seeded hash of the row.
"""
import datetime
import glob
import gzip
import hashlib
import json
import os
import sys

SEED = "verbatim-demo-1"
DEMO = os.path.dirname(os.path.abspath(__file__))
FIRST = datetime.datetime(2026, 9, 1)
SECONDS = 61 * 86400  # September and October
REVIEWS = 600          # Skytrax reviews taken, of 40 to 700 characters
LANG_GIVEN = 70       # per cent of the rows that say their language


def draw(purpose, row):
    """A number that depends on the row alone."""
    key = "\0".join((SEED, purpose, row["id"], row["text"]))
    return int.from_bytes(hashlib.sha256(key.encode("utf-8")).digest()[:8], "big")


def rows(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def reviews(shared):
    """Airline reviews as survey answers; their segments are the reviewer's own words on the flight."""
    taken = [row for row in rows(os.path.join(shared, "data", "skytrax", "train.ndjson.gz")) if 40 <= len(row["text"]) <= 700]
    taken.sort(key=lambda row: draw("reviews", row))
    for row in taken[:REVIEWS]:
        segment = {"industry": "airline"}
        segment.update({name: row["segment"][name] for name in ("cabin", "traveller") if name in row.get("segment", {})})
        yield {"id": row["id"], "lang": "en", "text": row["text"], "question": "Please tell us about your experience.", "segment": segment}


def answer(row):
    """One line of the dump: coding dropped, time added, keys in a fixed order."""
    out = {"id": row["id"]}
    if draw("lang", row) % 100 < LANG_GIVEN:
        out["lang"] = row["lang"]
    out["text"] = row["text"]
    if "question" in row:
        out["question"] = row["question"]
    out["segment"] = {name: row["segment"][name] for name in sorted(row["segment"])}
    when = FIRST + datetime.timedelta(seconds=draw("time", row) % SECONDS)
    out["time"] = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(out, ensure_ascii=False, separators=(",", ":"))


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: demo/make_answers.py SHARED")
    sources = [os.path.join(sys.argv[1], "frame", "written-a.ndjson.gz")]
    sources += sorted(glob.glob(os.path.join(DEMO, "written-*.ndjson")))
    taken = [row for source in sources for row in rows(source)]
    taken += reviews(sys.argv[1])
    if len({row["id"] for row in taken}) != len(taken):
        sys.exit("make_answers: the same id twice")
    taken.sort(key=lambda row: (draw("order", row), row["id"]))
    dump = "".join(answer(row) + "\n" for row in taken).encode("utf-8")
    path = os.path.join(DEMO, "answers.ndjson.gz")
    with open(path, "wb") as file:
        # No name and no time in the header, so that the bytes depend on the rows alone.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as packed:
            packed.write(dump)
    print(f"{len(taken)} answers in {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
