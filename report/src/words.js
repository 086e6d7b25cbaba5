// words.js — what the page itself says, in each display language; and names, numbers and shares as that language writes them.

const en = {
    title: "Reasons in open answers",
    language: "Language",
    no_data: "This page has not been filled with data yet.",
    no_responses: "There are no responses to show.",
    responses: "Responses",
    read: (read, rejected) => `${read} read, ${rejected} rejected as unusable`,
    weighted: (weight) => `Shares are weighted; sum of weights ${weight}`,
    sentiment: "Sentiment",
    negative: "Negative",
    positive: "Positive",
    mixed: "Mixed",
    neutral: "Neutral",
    top_negative: "Top negative reason",
    top_positive: "Top positive reason",
    none_named: "None mentioned",
    of: (n, base) => `${n} of ${base} respondents`,
    interval: (low, high) => `95% interval ${low} to ${high}`,
    reasons: "Reasons, both ways",
    rank_by: "Rank by",
    total: "Total",
    layout: "Show",
    ranked: "Ranked",
    grouped: "In groups",
    view: "View as",
    chart: "Chart",
    table: "Table",
    reasons_note: (base) =>
        `Share of respondents who mention the reason, in per cent of all tagged responses (n\u00a0=\u00a0${base}). An ` +
        `answer may give several reasons, so shares do not add up to 100%. Thin lines are 95% intervals.`,
    reasons_hint: "Select a bar to read what people wrote.",
    rank_total: "Total counts a respondent once, whichever way they spoke.",
    show_all: (n) => `Show all ${n}`,
    show_fewer: "Show fewer",
    expand_all: "Open all groups",
    collapse_all: "Close all groups",
    reason: "Reason",
    group: "Group",
    count: "n",
    share: "Share",
    interval_head: "95% interval, %",
    others: "What else the answers say",
    others_note: (base) => `Intentions, emotions and other signals: share of respondents, n\u00a0=\u00a0${base}.`,
    not_found: "Not found in these responses",
    segments: "By segment",
    segment: "Segment",
    poles: "Reasons",
    both: "Both",
    segments_note:
        "Bars: share of the respondents in that group who mention the reason, with 95% interval; all panels share one " +
        "scale. Dashed line: share among all respondents. Where an interval does not reach that line, the difference is " +
        "unlikely to be chance alone; among many bars a few miss it by chance.",
    total_note: (base) => `The reasons mentioned most, either way: share of all respondents, with 95% interval, n\u00a0=\u00a0${base}.`,
    values_note: (shown, all) => `The ${shown} largest of ${all} groups are shown.`,
    more_values: (n) => `Show ${n} more groups`,
    find_value: "Find a group",
    low_base: "* Fewer than 30 respondents: too few to conclude from.",
    bases: "Sentiment and number of respondents",
    all: "All respondents",
    no_segments: "These responses carry no segments.",
    no_match: "No group of that name.",
    quotes: "Quotes",
    quotes_from: "From",
    no_quotes: "No quotes were kept for this reason.",
    no_quotes_here: "No quotes were kept for this choice.",
    close: "Close",
    quotes_note: (n) => `${n} shown: a random sample of the answers tagged with it; highlighted are the words that led to the tag.`,
    show_quotes: "Show quotes",
    print_quotes: "In their own words",
    print_note: "Quotes for the reasons mentioned most: a random sample of the answers, highlighted the words that led to the tag.",
    how: "How to read this",
    how_items: (t) => [
        `Of ${t.read} responses read, ${t.tagged} were tagged and ${t.rejected} were rejected because they could not be ` +
            `used (damaged or malformed records); rejected ones are in no figure.`,
        "Every share is the share of respondents who mention something, among all tagged responses of the group, also " +
            "those that mention nothing.",
        "Groups of reasons count a respondent once, however many of their reasons are mentioned.",
        "Tags are assigned automatically by rules and models; intervals show sampling uncertainty only, not errors of tagging.",
    ],
    names: {
        industry: "Industry",
        age_band: "Age",
        age: "Age",
        gender: "Gender",
        channel: "Channel",
        region: "Region",
        country: "Country",
        income: "Income",
        area: "Area",
        lang: "Language",
        language: "Language",
    },
};

const ru = {
    title: "Причины в открытых ответах",
    language: "Язык",
    no_data: "Эта страница ещё не заполнена данными.",
    no_responses: "Ответов для показа нет.",
    responses: "Ответы",
    read: (read, rejected) => `прочитано ${read}, отклонено как непригодные ${rejected}`,
    weighted: (weight) => `Доли взвешены; сумма весов ${weight}`,
    sentiment: "Тональность",
    negative: "Негатив",
    positive: "Позитив",
    mixed: "Смешанные",
    neutral: "Нейтральные",
    top_negative: "Главная причина негатива",
    top_positive: "Главная причина позитива",
    none_named: "Не названа",
    of: (n, base) => `${n} из ${base} респондентов`,
    interval: (low, high) => `95%-й интервал от ${low} до ${high}`,
    reasons: "Причины: за и против",
    rank_by: "Порядок по",
    total: "Всего",
    layout: "Показать",
    ranked: "Списком",
    grouped: "По группам",
    view: "Вид",
    chart: "График",
    table: "Таблица",
    reasons_note: (base) =>
        `Доля респондентов, назвавших причину, в процентах от всех размеченных ответов (n\u00a0=\u00a0${base}). В одном ` +
        `ответе может быть несколько причин, поэтому доли в сумме не дают 100 %. Тонкие линии — 95%-е интервалы.`,
    reasons_hint: "Выберите полосу, чтобы прочитать ответы.",
    rank_total: "«Всего»: респондент считается один раз, как бы он ни отозвался.",
    show_all: (n) => `Показать все: ${n}`,
    show_fewer: "Показать меньше",
    expand_all: "Раскрыть все группы",
    collapse_all: "Свернуть все группы",
    reason: "Причина",
    group: "Группа",
    count: "n",
    share: "Доля",
    interval_head: "95%-й интервал, %",
    others: "О чём ещё говорят ответы",
    others_note: (base) => `Намерения, эмоции и другие признаки: доля респондентов, n\u00a0=\u00a0${base}.`,
    not_found: "В этих ответах не найдено",
    segments: "По сегментам",
    segment: "Сегмент",
    poles: "Причины",
    both: "Все",
    segments_note:
        "Полосы: доля назвавших причину среди респондентов этой группы, с 95%-м интервалом; масштаб везде один. " +
        "Пунктир: доля среди всех респондентов. Если интервал не достаёт до пунктира, разница едва ли случайна; среди " +
        "многих полос некоторые не достают случайно.",
    total_note: (base) =>
        `Самые частые причины, позитивные и негативные: доля всех респондентов, с 95%-м интервалом, n\u00a0=\u00a0${base}.`,
    values_note: (shown, all) => `Показаны самые крупные группы: ${shown} из ${all}.`,
    more_values: (n) => `Показать ещё: ${n}`,
    find_value: "Найти группу",
    low_base: "* Меньше 30 респондентов: для выводов недостаточно.",
    bases: "Тональность и число респондентов",
    all: "Все респонденты",
    no_segments: "В этих ответах нет сегментов.",
    no_match: "Такой группы нет.",
    quotes: "Цитаты",
    quotes_from: "Кто",
    no_quotes: "Для этой причины цитаты не сохранены.",
    no_quotes_here: "Для этого выбора цитаты не сохранены.",
    close: "Закрыть",
    quotes_note: (n) => `Показано: ${n}. Это случайная выборка ответов с этой пометкой; выделены слова, по которым она поставлена.`,
    show_quotes: "Показать цитаты",
    print_quotes: "Своими словами",
    print_note: "Цитаты к самым частым причинам: случайная выборка ответов, выделены слова, по которым поставлена пометка.",
    how: "Как это читать",
    how_items: (t) => [
        `Прочитано ответов: ${t.read}; размечено: ${t.tagged}; отклонено: ${t.rejected} (повреждённые или неверно ` +
            `оформленные записи); отклонённые не входят ни в одну цифру.`,
        "Каждая доля — это доля респондентов, упомянувших что-либо, среди всех размеченных ответов группы, включая те, " +
            "где не упомянуто ничего.",
        "В группах причин респондент считается один раз, сколько бы причин из неё он ни назвал.",
        "Пометки ставятся автоматически, по правилам и моделям; интервалы отражают только случайность выборки, но не ошибки разметки.",
    ],
    names: {
        industry: "Отрасль",
        age_band: "Возраст",
        age: "Возраст",
        gender: "Пол",
        channel: "Канал",
        region: "Регион",
        country: "Страна",
        income: "Доход",
        area: "Местность",
        lang: "Язык",
        language: "Язык",
    },
};

const hans = {
    title: "开放题回答中的原因",
    language: "语言",
    no_data: "此页面尚未填入数据。",
    no_responses: "没有可显示的回答。",
    responses: "回答数",
    read: (read, rejected) => `共读取 ${read} 条，剔除无法使用的 ${rejected} 条`,
    weighted: (weight) => `比例已加权；权重之和 ${weight}`,
    sentiment: "情感倾向",
    negative: "负面",
    positive: "正面",
    mixed: "好坏参半",
    neutral: "中性",
    top_negative: "首要负面原因",
    top_positive: "首要正面原因",
    none_named: "未提及",
    of: (n, base) => `${base} 位受访者中的 ${n} 位`,
    interval: (low, high) => `95% 置信区间 ${low} 至 ${high}`,
    reasons: "原因：正反两面",
    rank_by: "排序",
    total: "合计",
    layout: "显示",
    ranked: "排名",
    grouped: "分组",
    view: "形式",
    chart: "图表",
    table: "表格",
    reasons_note: (base) =>
        `提及该原因的受访者占全部已标注回答的比例（n\u00a0=\u00a0${base}）。一条回答可能提到多个原因，因此各项之和不等于 100%。细线为 95% 置信区间。`,
    reasons_hint: "点选条形可阅读原文。",
    rank_total: "“合计”中每位受访者无论褒贬只计一次。",
    show_all: (n) => `显示全部 ${n} 项`,
    show_fewer: "收起",
    expand_all: "展开所有分组",
    collapse_all: "收起所有分组",
    reason: "原因",
    group: "分组",
    count: "n",
    share: "比例",
    interval_head: "95% 置信区间，%",
    others: "回答中的其他信息",
    others_note: (base) => `意向、情绪及其他信号：占受访者的比例，n\u00a0=\u00a0${base}。`,
    not_found: "这些回答中未出现",
    segments: "按细分群体",
    segment: "细分",
    poles: "原因",
    both: "全部",
    segments_note:
        "条形：该群体中提及该原因的受访者比例及 95% 置信区间；各图刻度相同。虚线：全体受访者的比例。若置信区间未触及虚线，则差异不太可能只是偶然；条形很多时，总有少数属于偶然。",
    total_note: (base) => `被提及最多的原因（正面与负面）：占全体受访者的比例及 95% 置信区间，n\u00a0=\u00a0${base}。`,
    values_note: (shown, all) => `显示 ${all} 个群体中最大的 ${shown} 个。`,
    more_values: (n) => `再显示 ${n} 个群体`,
    find_value: "查找群体",
    low_base: "* 受访者不足 30 位，不足以得出结论。",
    bases: "情感倾向与受访者人数",
    all: "全体受访者",
    no_segments: "这些回答没有细分信息。",
    no_match: "没有该名称的群体。",
    quotes: "原话",
    quotes_from: "来自",
    no_quotes: "该原因没有保存原话。",
    no_quotes_here: "当前选择没有保存原话。",
    close: "关闭",
    quotes_note: (n) => `显示 ${n} 条：从带有该标签的回答中随机抽取；高亮部分是得出标签的依据。`,
    show_quotes: "查看原话",
    print_quotes: "受访者原话",
    print_note: "被提及最多的原因的原话：随机抽取的回答，高亮部分是得出标签的依据。",
    how: "阅读说明",
    how_items: (t) => [
        `共读取 ${t.read} 条回答，标注 ${t.tagged} 条，因无法使用（损坏或格式错误）剔除 ${t.rejected} 条；剔除的回答不计入任何数字。`,
        "每个比例都是提及某事的受访者占该群体全部已标注回答的比例，未提及任何内容的回答也计入分母。",
        "在原因分组中，每位受访者无论提到几个原因只计一次。",
        "标签由规则和模型自动给出；置信区间只反映抽样误差，不反映标注误差。",
    ],
    names: {
        industry: "行业",
        age_band: "年龄段",
        age: "年龄",
        gender: "性别",
        channel: "渠道",
        region: "地区",
        country: "国家",
        income: "收入",
        area: "居住地",
        lang: "语言",
        language: "语言",
    },
};

const hant = {
    title: "開放題回答中的原因",
    language: "語言",
    no_data: "此頁面尚未填入資料。",
    no_responses: "沒有可顯示的回答。",
    responses: "回答數",
    read: (read, rejected) => `共讀取 ${read} 則，剔除無法使用的 ${rejected} 則`,
    weighted: (weight) => `比例已加權；權重總和 ${weight}`,
    sentiment: "情感傾向",
    negative: "負面",
    positive: "正面",
    mixed: "好壞參半",
    neutral: "中性",
    top_negative: "首要負面原因",
    top_positive: "首要正面原因",
    none_named: "未提及",
    of: (n, base) => `${base} 位受訪者中的 ${n} 位`,
    interval: (low, high) => `95% 信賴區間 ${low} 至 ${high}`,
    reasons: "原因：正反兩面",
    rank_by: "排序",
    total: "合計",
    layout: "顯示",
    ranked: "排名",
    grouped: "分組",
    view: "形式",
    chart: "圖表",
    table: "表格",
    reasons_note: (base) =>
        `提及該原因的受訪者占全部已標註回答的比例（n\u00a0=\u00a0${base}）。一則回答可能提到多個原因，因此各項總和不等於 100%。細線為 95% 信賴區間。`,
    reasons_hint: "點選長條可閱讀原文。",
    rank_total: "「合計」中每位受訪者無論褒貶只計一次。",
    show_all: (n) => `顯示全部 ${n} 項`,
    show_fewer: "收合",
    expand_all: "展開所有分組",
    collapse_all: "收合所有分組",
    reason: "原因",
    group: "分組",
    count: "n",
    share: "比例",
    interval_head: "95% 信賴區間，%",
    others: "回答中的其他資訊",
    others_note: (base) => `意向、情緒及其他訊號：占受訪者的比例，n\u00a0=\u00a0${base}。`,
    not_found: "這些回答中未出現",
    segments: "依區隔",
    segment: "區隔",
    poles: "原因",
    both: "全部",
    segments_note:
        "長條：該群體中提及該原因的受訪者比例及 95% 信賴區間；各圖刻度相同。虛線：全體受訪者的比例。若信賴區間未觸及虛線，則差異不太可能只是偶然；長條很多時，總有少數屬於偶然。",
    total_note: (base) => `被提及最多的原因（正面與負面）：占全體受訪者的比例及 95% 信賴區間，n\u00a0=\u00a0${base}。`,
    values_note: (shown, all) => `顯示 ${all} 個群體中最大的 ${shown} 個。`,
    more_values: (n) => `再顯示 ${n} 個群體`,
    find_value: "尋找群體",
    low_base: "* 受訪者不足 30 位，不足以下結論。",
    bases: "情感傾向與受訪者人數",
    all: "全體受訪者",
    no_segments: "這些回答沒有區隔資訊。",
    no_match: "沒有該名稱的群體。",
    quotes: "原話",
    quotes_from: "來自",
    no_quotes: "此原因沒有保存原話。",
    no_quotes_here: "目前的選擇沒有保存原話。",
    close: "關閉",
    quotes_note: (n) => `顯示 ${n} 則：從帶有該標籤的回答中隨機抽取；醒目標示的是得出標籤的依據。`,
    show_quotes: "查看原話",
    print_quotes: "受訪者原話",
    print_note: "被提及最多的原因的原話：隨機抽取的回答，醒目標示的是得出標籤的依據。",
    how: "閱讀說明",
    how_items: (t) => [
        `共讀取 ${t.read} 則回答，標註 ${t.tagged} 則，因無法使用（損壞或格式錯誤）剔除 ${t.rejected} 則；剔除的回答不計入任何數字。`,
        "每個比例都是提及某事的受訪者占該群體全部已標註回答的比例，未提及任何內容的回答也計入分母。",
        "在原因分組中，每位受訪者無論提到幾個原因只計一次。",
        "標籤由規則和模型自動給出；信賴區間只反映抽樣誤差，不反映標註誤差。",
    ],
    names: {
        industry: "產業",
        age_band: "年齡層",
        age: "年齡",
        gender: "性別",
        channel: "管道",
        region: "地區",
        country: "國家",
        income: "收入",
        area: "居住地",
        lang: "語言",
        language: "語言",
    },
};

const WORDS = { en, ru, "zh-Hans": hans, "zh-Hant": hant };
const ENDONYMS = { en: "English", ru: "Русский", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", zh: "中文" };

// A language that the page's own words do not have borrows those of the nearest that do; the names of reasons stay in the one chosen.
function words_for(tag) {
    if (Object.hasOwn(WORDS, tag)) return tag;
    if (/^zh-(TW|HK|MO)\b/i.test(tag)) return "zh-Hant";
    const base = tag.split(/[-_]/)[0];
    return base === "zh" ? "zh-Hans" : Object.hasOwn(WORDS, base) ? base : "en";
}

// Users may name a language as they like; Intl throws at what is no BCP 47 tag.
function locale_for(tag, fallback) {
    try {
        return Intl.getCanonicalLocales(tag)[0] ?? fallback;
    } catch {
        return fallback;
    }
}

export function endonym(tag) {
    if (Object.hasOwn(ENDONYMS, tag)) return ENDONYMS[tag];
    try {
        return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
    } catch {
        return tag;
    }
}

/* speak — everything that depends on the display language. */
export function speak(tag) {
    const chosen = words_for(tag);
    const words = WORDS[chosen];
    const locale = locale_for(tag, chosen);
    const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    const percent0 = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
    const percent1 = new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const decimal1 = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const name = (names, fallback) =>
        [names[tag], names[chosen], names.en, ...Object.values(names)].find((text) => typeof text === "string" && text !== "") ?? fallback;
    const pole_name = (code, pole) => {
        if (pole !== "negative" && pole !== "positive") return name(code.name, code.id);
        return name(code[pole], `${name(code.name, code.id)}: ${words[pole].toLowerCase()}`);
    };
    return {
        tag,
        locale,
        words,
        name: (item) => name(item.name, item.id),
        pole_name,
        count: (n) => whole.format(n),
        percent: (share) => percent1.format(share),
        range: (low, high) => `${decimal1.format(low * 100)}–${decimal1.format(high * 100)}`,
        // On a chart: whole per cents, but no "0 %" for what was said.
        rounded: (share) => (share > 0 && share < 0.00995 ? percent1 : percent0).format(share),
        tick: (share) => (Math.abs(share * 100 - Math.round(share * 100)) < 1e-9 ? percent0 : percent1).format(share),
        segment: (key) =>
            Object.hasOwn(words.names, key) ? words.names[key] : key.replaceAll("_", " ").replace(/^\p{Ll}/u, (c) => c.toUpperCase()),
        value: (cell) => (cell.value === null ? words.all : String(cell.value)),
    };
}
