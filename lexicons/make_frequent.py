#!/usr/bin/env python3
"""Writes LANG/frequent.tsv: how often frequent words occur in feedback, per million words. Rules are filed under their rarest necessary word;
this is how the compiler knows which is rare. It changes speed, never a tag.

usage: lexicons/make_frequent.py SHARED LANG ...      counts the train splits of SHARED/data and SHARED/frame; words only, no texts
"""
import collections
import glob
import gzip
import json
import pathlib
import re
import sys

CHARACTERS = {"zh", "ja"}
ROOT = pathlib.Path(__file__).resolve().parent


def texts(shared, lang):
    paths = sorted(glob.glob(f"{shared}/data/*/train.ndjson.gz")) + [f"{shared}/frame/train.ndjson.gz"]
    for path in paths:
        if "langid" in path:
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row.get("lang", "").split("-")[0] == lang:
                    yield row["text"].lower().replace("’", "'")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for lang in sys.argv[2:]:
        counts, total = collections.Counter(), 0
        for text in texts(sys.argv[1], lang):
            words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text)
            if lang in CHARACTERS:
                for word in words:
                    total += len(word)
                    for n in (1, 2, 3):
                        counts.update(word[i:i + n] for i in range(len(word) - n + 1))
            else:
                total += len(words)
                counts.update(words)
        rows = [(count * 1_000_000 // total, word) for word, count in counts.items()]
        rows = sorted(((f, w) for f, w in rows if f >= (150 if lang in CHARACTERS else 60)), key=lambda row: (-row[0], row[1]))[:1500]
        with open(ROOT / lang / "frequent.tsv", "w", encoding="utf-8", newline="\n") as out:
            out.write("# word\tper million words of feedback: made by ../make_frequent.py\n")
            out.writelines(f"{word}\t{frequency}\n" for frequency, word in rows)
        print(lang, len(rows), total)


if __name__ == "__main__":
    main()
