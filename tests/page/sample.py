"""sample.py [--lang TAG] [--case NAME] PAGE OUT - fills report/dist/page.html with invented data, in the shape of report/DATA.md.

Cases: survey (3,510 respondents in four segments), weighted, empty, hostile, wide (5,000 values of a segment), bare (no names, no quotes).
Everything comes from a fixed seed: the same case is the same page.
"""

import argparse
import json
import math
import pathlib
import random
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARK = "const DATA = /*VERBATIM_DATA*/null;"
Z = 1.959964

# Invented answers; [[ ]] is the evidence. code:pole -> (share in the total, answers by language)
REASONS = {
    "service.speed:negative": (
        0.19,
        [
            ("en", "We [[waited forty minutes]] at the desk to return one kettle, and then the till froze."),
            ("ru", "[[Ждали почти час]], хотя перед нами было два человека."),
            ("zh", "排队[[等了一个多小时]]，叫号还跳号。"),
            ("en", "[[Took three weeks]] to change an address. Three weeks."),
            ("ru", "Всё [[очень медленно]]: справку делали десять дней."),
        ],
    ),
    "service.speed:positive": (
        0.11,
        [
            ("en", "Ordered on Tuesday evening, [[sorted within the hour]]. I was amazed."),
            ("ru", "[[Обслужили за пять минут]], без очереди."),
            ("zh", "办理[[速度很快]]，十分钟就好了。"),
        ],
    ),
    "product.works:negative": (
        0.12,
        [
            ("en", "The second vacuum [[stopped working]] after a week, same as the first."),
            ("ru", "Чайник [[сломался на второй день]]."),
            ("zh", "用了两天[[就坏了]]，充不进电。"),
        ],
    ),
    "product.works:positive": (
        0.16,
        [
            ("en", "Five years of daily use and it [[still runs like new]]."),
            ("ru", "Утюг [[работает отлично]], ни разу не подвёл."),
            ("zh", "这款吸尘器[[非常好用]]，吸力也稳定。"),
        ],
    ),
    "staff.manner:positive": (
        0.17,
        [
            ("en", "Marta at the counter was [[so kind and patient]] with my father."),
            ("ru", "[[Приветливые девушки]] на стойке, всё объяснили."),
            ("zh", "店员[[热情周到]]，还帮我把东西搬上车。"),
        ],
    ),
    "staff.manner:negative": (
        0.055,
        [("en", "[[Nobody even looked up]] from their phones."), ("ru", "Сотрудники [[безразличные]], отвечают сквозь зубы.")],
    ),
    "staff.respect:negative": (
        0.075,
        [
            ("en", "He [[rolled his eyes]] when I asked about the warranty and [[told me to read the leaflet]]."),
            ("ru", "Мне [[нахамили]] при всей очереди."),
            ("zh", "客服[[语气很冲]]，好像我欠他钱似的。"),
        ],
    ),
    "staff.respect:positive": (
        0.07,
        [("en", "[[Polite from start to finish]]."), ("ru", "[[Вежливо]] и по делу."), ("zh", "工作人员[[很有礼貌]]。")],
    ),
    "price.value:negative": (
        0.10,
        [
            ("en", "[[Not worth ninety euros]]; the cheaper one does the same."),
            ("ru", "[[Слишком дорого]] для такого качества."),
            ("zh", "价格[[太贵了]]，根本不值。"),
        ],
    ),
    "price.value:positive": (
        0.09,
        [
            ("en", "[[Great value]] for a family of five."),
            ("ru", "[[Цены приятные]], беру здесь всегда."),
            ("zh", "[[很划算]]，买一送一。"),
        ],
    ),
    "price.fees:negative": (
        0.062,
        [("en", "A [[booking fee appeared]] only on the last screen."), ("ru", "[[Скрытая комиссия]] всплыла при оплате.")],
    ),
    "service.human:negative": (
        0.058,
        [("en", "There is [[no way to talk to a person]], only menus."), ("ru", "[[До живого человека не дозвониться]].")],
    ),
    "service.chatbot:negative": (
        0.049,
        [("en", "The [[bot kept sending me the same article]]."), ("zh", "[[机器人答非所问]]，转了半天也没有人工。")],
    ),
    "service.hold:negative": (
        0.041,
        [("en", "[[Fifty minutes of pan pipes]] and then the line dropped."), ("ru", "[[Висел на линии]] сорок минут.")],
    ),
    "service.reply:negative": (0.047, [("en", "Three e-mails, [[not one answer]]."), ("zh", "发了三封邮件，[[没有人回复]]。")]),
    "service.reply:positive": (0.032, [("en", "[[Answered my mail within minutes]], on a Sunday.")]),
    "service.resolution:negative": (
        0.052,
        [("en", "After four calls the leak is [[still not fixed]]."), ("ru", "Проблему [[так и не решили]].")],
    ),
    "service.resolution:positive": (
        0.063,
        [("en", "They [[fixed it on the spot]] and threw in a filter."), ("ru", "[[Всё исправили]] в тот же день.")],
    ),
    "service.repeat:negative": (0.038, [("en", "Had to [[explain everything again]] to each new agent.")]),
    "service.process:positive": (
        0.051,
        [("en", "Opening the account was [[surprisingly simple]]."), ("zh", "[[流程很简单]]，手机上就能办。")],
    ),
    "service.process:negative": (0.029, [("ru", "[[Куча бумаг]] ради одной подписи.")]),
    "staff.attention:positive": (0.048, [("en", "She [[really listened]] and asked what I needed the loan for.")]),
    "staff.attention:negative": (0.031, [("en", "I said no onions twice; [[nobody listened]].")]),
    "staff.competence:positive": (
        0.057,
        [("en", "The fitter [[knew exactly what he was doing]]."), ("ru", "[[Грамотный специалист]], разобрался сразу.")],
    ),
    "staff.competence:negative": (0.026, [("zh", "问什么都[[一问三不知]]。")]),
    "digital.errors:negative": (
        0.044,
        [("en", "The app [[logs me out]] at every payment."), ("ru", "Приложение [[вылетает]] при входе."), ("zh", "一打开[[就闪退]]。")],
    ),
    "digital.usability:positive": (0.046, [("en", "The new site is [[easy to find your way around]]."), ("ru", "[[Удобное приложение]].")]),
    "delivery.speed:negative": (
        0.066,
        [("en", "Promised Friday, [[came the Thursday after]]."), ("ru", "[[Опоздали на четыре дня]]."), ("zh", "快递[[晚了一个星期]]。")],
    ),
    "delivery.speed:positive": (0.059, [("en", "Parcel [[arrived a day early]]."), ("zh", "第二天[[就送到了]]。")]),
    "delivery.condition:negative": (0.033, [("en", "Two of the six glasses were [[smashed in the box]].")]),
    "place.clean:positive": (0.028, [("en", "[[Spotless]] rooms.")]),
    "place.food:positive": (0.042, [("en", "The [[dumplings were superb]]."), ("zh", "早餐[[很好吃]]。")]),
    "place.comfort:negative": (0.019, [("en", "Seats [[too narrow]] and a baby behind us.")]),
    "relation.trust:negative": (0.021, [("ru", "[[Обманули]] с гарантией.")]),
    "overall.satisfaction:positive": (
        0.21,
        [("en", "[[Very happy]], thank you."), ("ru", "[[Всё понравилось]]."), ("zh", "总体[[很满意]]。")],
    ),
    "overall.satisfaction:negative": (0.08, [("en", "[[Disappointing]] all round."), ("ru", "[[Остался недоволен]].")]),
}
PLAIN = {
    "intent.leave": (0.041, [("en", "[[Never again]]."), ("ru", "[[Больше ни ногой]]."), ("zh", "[[再也不来了]]。")]),
    "intent.return": (0.053, [("en", "[[We will be back]] in spring.")]),
    "intent.recommend": (0.078, [("en", "[[I tell all my friends]]."), ("ru", "[[Всем советую]].")]),
    "intent.warn": (0.024, [("en", "[[Stay away]] from the Friday slot.")]),
    "intent.complain": (0.012, []),
    "intent.legal": (0.003, []),
    "emotion.anger": (0.036, [("en", "I am [[absolutely furious]].")]),
    "emotion.disappointment": (0.048, [("ru", "[[Очень разочарована]].")]),
    "emotion.delight": (0.061, [("en", "[[Love, love, love it]]!")]),
    "emotion.gratitude": (0.088, [("en", "[[Thank you]] so much.")]),
    "emotion.profanity": (0.009, []),
    "mention.phone": (0.083, []),
    "mention.app": (0.071, []),
    "mention.store": (0.064, []),
    "mention.website": (0.058, []),
    "mention.email": (0.037, []),
    "mention.chatbot": (0.031, []),
    "answer.nothing": (0.067, [("en", "[[Nothing]], all fine.")]),
    "answer.dontknow": (0.018, []),
    "answer.uncodable": (0.014, []),
}
SEGMENTS = {
    "industry": {
        "Retail": 0.26,
        "Banking": 0.2,
        "Telecom": 0.17,
        "Airlines": 0.13,
        "Hotels and restaurants": 0.12,
        "Health care": 0.115,
        "Museums": 0.005,
    },
    "age_band": {"18-35": 0.36, "36-55": 0.39, "56+": 0.25},
    "gender": {"female": 0.52, "male": 0.46, "another": 0.02},
    "channel": {"in store": 0.31, "website": 0.24, "app": 0.2, "phone": 0.17, "e-mail": 0.08},
}
# How much likelier a reason is in a group.
LIFTS = {
    "18-35": {"service.speed:negative": 1.3, "digital.errors:negative": 1.6},
    "56+": {"service.speed:negative": 0.6, "service.chatbot:negative": 2.1, "service.human:negative": 1.8},
    "Telecom": {"service.hold:negative": 2.2, "service.speed:negative": 1.4},
    "Airlines": {"delivery.speed:negative": 0.2, "price.fees:negative": 2.4, "place.comfort:negative": 4},
    "Banking": {"product.works:negative": 0.2, "product.works:positive": 0.4, "staff.competence:positive": 1.7},
    "Hotels and restaurants": {"place.food:positive": 4, "place.clean:positive": 4},
    "female": {"staff.manner:positive": 1.2},
    "male": {"staff.manner:positive": 0.8},
    "app": {"digital.errors:negative": 3},
    "phone": {"service.hold:negative": 4},
}


def frame():
    """The code frame: nets and codes with their names, from lexicons/codebook.yaml (regular enough to need no YAML library)."""
    nets, codes = [], []
    for line in (ROOT / "lexicons/codebook.yaml").read_text("utf-8").splitlines():
        if match := re.match(r"( +)- id: (\S+)", line):
            item = {"id": match[2], "name": {}}
            if "." in match[2]:
                codes.append({**item, "net": nets[-1]["id"], "poles": False})
            else:
                nets.append(item)
            last = codes[-1] if "." in match[2] else nets[-1]
        elif match := re.match(r" +(name|negative|positive): \{(.*)\}", line):
            names = {key: json.loads(text) for key, text in re.findall(r'([\w-]+): ("(?:[^"\\]|\\.)*")', match[2])}
            last[match[1]] = names
            if match[1] == "negative":
                last["poles"] = True
    return nets, codes


def figures(count, base):
    share = count / base
    middle, half = (share + Z * Z / (2 * base)) / (1 + Z * Z / base), Z / (1 + Z * Z / base) * math.sqrt(
        share * (1 - share) / base + Z * Z / (4 * base * base)
    )
    return [count, round(share, 4), round(max(0, middle - half), 4), round(min(1, middle + half), 4)]


def marked(text):
    """'a [[b]]' -> ('a b', [[2, 3]])"""
    plain, marks = "", []
    for i, part in enumerate(re.split(r"\[\[|\]\]", text)):
        if i % 2:
            marks.append([len(plain), len(plain) + len(part)])
        plain += part
    return plain, marks


def respond(rng, number, segments):
    segment = {name: rng.choices(list(values), list(values.values()))[0] for name, values in segments.items()}
    tags = {}
    for key, (share, texts) in {**REASONS, **{code + ":": value for code, value in PLAIN.items()}}.items():
        for value in segment.values():
            share *= LIFTS.get(value, {}).get(key, 1)
        if rng.random() < share:
            tags[key] = rng.choice(texts) if texts else None
    poles = {key.split(":")[1] for key in tags} - {""}
    sentiment = (
        "mixed"
        if len(poles) == 2 and rng.random() < 0.55
        else next(iter(sorted(poles)), "neutral") if len(poles) < 2 else rng.choice(["negative", "positive"])
    )
    return {"id": f"r{number}", "segment": segment, "tags": tags, "sentiment": sentiment}


def cell_of(responses, segment, value, codes):
    base = len(responses)
    counts = {}

    def count(name, pole, who):
        if who:
            counts.setdefault(name, {})[pole] = figures(len(who), base)

    holders = {}
    for i, response in enumerate(responses):
        for key in response["tags"]:
            code, pole = key.split(":")
            for name in (code, codes[code]["net"]):
                holders.setdefault((name, pole), set()).add(i)
                if pole:
                    holders.setdefault((name, "any"), set()).add(i)
    for (name, pole), who in holders.items():
        count(name, pole, who)
    moods = {mood: sum(response["sentiment"] == mood for response in responses) for mood in ("negative", "neutral", "mixed", "positive")}
    return {
        "segment": segment,
        "value": value,
        "base": base,
        "weight": float(base),
        "weighted": False,
        "sentiment": {mood: [n, round(n / base, 4) if base else 0] for mood, n in moods.items()},
        "counts": counts,
    }


def survey(language, respondents=3510, segments=SEGMENTS, quotes=5, seed=7):
    rng = random.Random(seed)
    nets, codes = frame()
    by_id = {code["id"]: code for code in codes}
    responses = [respond(rng, number, segments) for number in range(1, respondents + 1)]
    groups = [(None, None, responses)]
    for name, values in segments.items():
        groups += [(name, value, members) for value in values if (members := [r for r in responses if r["segment"][name] == value])]
    data = {
        "language": language,
        "totals": {"read": respondents + 2, "tagged": respondents, "rejected": 2},
        "segments": list(segments),
        "nets": nets,
        "codes": codes,
        "cells": [cell_of(members, name, value, by_id) for name, value, members in groups],
        "quotes": [],
    }
    for index, (_, _, members) in enumerate(groups):
        kept = {}
        for response in members:
            for key, said in response["tags"].items():
                if said and len(kept.setdefault(key, [])) < quotes and said not in [other for _, other in kept[key]]:
                    kept[key].append((response, said))
        for key, chosen in kept.items():
            code, pole = key.split(":")
            for response, (lang, text) in chosen:
                plain, marks = marked(text)
                data["quotes"].append(
                    {"cell": index, "code": code, "pole": pole, "id": response["id"], "lang": lang, "text": plain, "marks": marks}
                )
    return data


HOSTILE = [
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<!-- <script> \u2028 \u2029 ]]> &lt;b&gt; ${window.hacked = 1} `",
    "\"';--\\\\ \\u003c/script\\u003e",
    "\u202eמהר מאוד\u202c hello العربية شكرا",
    "\x00\x01\x7f\ufeff\ufffd",
    "a" * 2000,
    "字" * 666,
    "🙂👩‍👩‍👧 waited 🙂 hours",
    "__proto__",
    "constructor",
    "",
]


def hostile():
    data = survey("en", 400)
    data["segments"] = ["__proto__", "<b>seg</b>", "constructor"] + data["segments"]
    for name in data["segments"][:3]:
        for value in HOSTILE:
            data["cells"].append({**data["cells"][1], "segment": name, "value": value})
    data["codes"][0]["name"] = {"en": HOSTILE[0]}
    data["codes"][0]["negative"] = {"en": HOSTILE[1]}
    data["codes"][4].update(name={}, negative={}, positive={})
    data["codes"].append({"id": "toString", "net": "nowhere", "poles": True})
    data["cells"][0]["counts"]["toString"] = {"negative": [40, 0.1, 0.07, 0.13], "any": [40, 0.1, 0.07, 0.13]}
    for number, text in enumerate(HOSTILE):
        data["quotes"].append(
            {
                "cell": 0,
                "code": "service.speed",
                "pole": "negative",
                "id": text[:40],
                "lang": '"><b>',
                "text": text,
                "marks": [[-5, 3], [2, 4], [3, 99999], [1, 1], [10, 2]] if number % 2 else [[0, 1]],
            }
        )
    return data


def wide():
    data = survey("en", 300, {"age_band": SEGMENTS["age_band"]})
    data["segments"].append("branch")
    base = data["cells"][1]
    data["cells"] += [
        {**base, "segment": "branch", "value": f"Branch {number:04}", "base": base["base"] + (number * 37) % 101} for number in range(5000)
    ]
    return data


def empty():
    nets, codes = frame()
    nothing = {
        "segment": None,
        "value": None,
        "base": 0,
        "weight": 0.0,
        "weighted": False,
        "sentiment": {mood: [0, 0] for mood in ("negative", "neutral", "mixed", "positive")},
        "counts": {},
    }
    return {
        "language": "en",
        "totals": {"read": 3, "tagged": 0, "rejected": 3},
        "segments": ["age_band"],
        "nets": nets,
        "codes": codes,
        "cells": [nothing],
        "quotes": [],
    }


def bare():
    data = survey("de", 200)
    for item in data["nets"] + data["codes"]:
        for key in ("name", "negative", "positive"):
            item.pop(key, None)
    return {**data, "quotes": [], "segments": [], "cells": data["cells"][:1]}


def weighted(language):
    data = survey(language, 900)
    for cell in data["cells"]:
        cell.update(weighted=True, weight=cell["base"] * 1.037)
    return data


def page_filled(page, data):
    """What `verbatim report` does: JSON in place of null, with no '<' in it and no line end that a script would stumble on."""
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    assert page.count(MARK) == 1, f"the page must hold exactly one {MARK}"
    return page.replace(MARK, f"const DATA = {text};")


CASES = {
    "survey": survey,
    "weighted": weighted,
    "empty": lambda _: empty(),
    "hostile": lambda _: hostile(),
    "wide": lambda _: wide(),
    "bare": lambda _: bare(),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lang", default="en")
    parser.add_argument("--case", default="survey", choices=CASES)
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.out.write_text(page_filled(arguments.page.read_text("utf-8"), CASES[arguments.case](arguments.lang)), "utf-8")
