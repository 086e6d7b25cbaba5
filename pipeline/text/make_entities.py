#!/usr/bin/env python3
"""Prints entities.inc: the HTML entities that stand for one character of a text people write, by name in byte order.

    pipeline/text/make_entities.py > pipeline/text/entities.inc
"""
from html.entities import html5

WRITTEN = [(0x09, 0x24f), (0x391, 0x3d6), (0x401, 0x45f), (0x2002, 0x2063), (0x20ac, 0x20ac), (0x2116, 0x2122), (0x2190, 0x2193),
           (0x2212, 0x2212), (0x221a, 0x221e), (0x2248, 0x2265), (0x2605, 0x2606), (0x260e, 0x260e), (0x2660, 0x2666), (0x2713, 0x2717)]
NAME_MAX = 16


def written(text):
    return len(text) == 1 and any(first <= ord(text) <= last for first, last in WRITTEN)


names = {name[:-1]: ord(text) for name, text in html5.items() if name.endswith(";") and len(name) <= NAME_MAX + 1 and written(text)}
line = ""
for name in sorted(names):
    item = f'{{"{name}", {names[name]:#x}}}, '
    if len(line) + len(item) > 150:
        print(line.rstrip())
        line = ""
    line += item
print(line.rstrip())
