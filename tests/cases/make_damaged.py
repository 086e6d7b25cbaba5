#!/usr/bin/env python3
"""Prints damaged.inc: sentences broken as files get broken, with what they were. Rows: {name, given, expected}.

    tests/cases/make_damaged.py > tests/cases/damaged.inc

The damage: UTF-8 read as windows-1252 or windows-1251 as browsers read them (a byte that the table leaves out becomes a control), or as latin-1; once or twice.
`lost`: those controls dropped; `spaces`: NBSP became a space."""
SENTENCES = {
    "ru": ["Очень долго ждали, персонал хамит", "Ремонт — просто ужас!", "«Отличный» сервис… нет", "Цена 100 ₽, а толку ноль", "Да", "Нет", "Объявление №5 не читается",
           "Съели всё 😋👍"],
    "uk": ["Дуже повільно відповідають", "Їжа була холодна, ґрунтовно обіцяли інше"],
    "zh": ["服务太慢了，等了两个小时。", "好", "质量“不错”，价格贵", "错误"],
    "de": ["Über zwei Stunden gewartet, völlig unmöglich", "Die Größe paßt nicht", "schön", "„Toller“ Service – nie wieder", "ÄRGERLICH"],
    "fr": ["Très déçu, le café était froid", "C’est l’été… à bientôt", "où êtes-vous ?", "Ça ne marche pas", "cœur brisé", "voilà"],
    "es": ["¿Por qué tardan tanto?", "El niño está mal atendido", "¡Pésimo!", "AÑO", "atención"],
    "pt": ["Não gostei da refeição", "Péssimo atendimento, ninguém ajuda", "SÃO PAULO", "à noite não há ninguém"],
    "tr": ["Çok geç geldi, ürün kırık çıktı", "İade etmek istiyorum", "şikayet", "Iğdır şubesi çok kötü 😡"],
    "pl": ["Obsługa była beznadziejna, długo czekałem", "Źle się czuję", "się", "żółć"],
    "vi": ["Nhân viên thái độ rất tệ", "Giao hàng quá chậm, không hài lòng", "được", "một lần nữa"],
    "el": ["Πολύ αργή εξυπηρέτηση"],
    "ar": ["الخدمة سيئة جدا"],
    "he": ["השירות היה איטי"],
    "th": ["บริการช้ามาก"],
    "hi": ["सेवा बहुत खराब है"],
    "ko": ["배송이 너무 느려요"],
    "ja": ["対応が遅い、最悪です。"],
    "en": ["It doesn’t work", "“Great” – not!", "£5 for this…", "It’s 30°C in here", "Love it ❤️👍", "naïve façade", "so bad 😡", "20 € wasted", "5★ • clean rooms"],
}


def reader(table, keep):
    """Byte -> character."""
    found = {}
    for byte in range(256):
        try:
            found[byte] = bytes([byte]).decode(table)
        except UnicodeDecodeError:
            found[byte] = chr(byte) if keep else ""
    return found


def damaged(text, table, times=1, lost=False, spaces=False):
    read = reader(table, not lost)
    for _ in range(times):
        text = "".join(read[byte] for byte in text.encode())
    return text.replace("\u00a0", " ") if spaces else text


def literal(text):
    bytes_ = "".join(chr(byte) if 0x20 <= byte < 0x7f and byte not in b'"\\?' else f"\\{byte:03o}" for byte in text.encode())
    return '"' + bytes_ + '"'


CYRILLIC, WESTERN, LATIN = "windows-1251", "windows-1252", "latin-1"
PLANS = [  # languages, table, times, lost, spaces
    (["ru", "uk", "zh", "de", "fr", "es", "pt", "tr", "pl", "vi", "el", "ar", "he", "th", "hi", "ko", "ja", "en"], WESTERN, 1, False, False),
    (["ru", "uk", "zh", "de", "fr", "es", "pt", "tr", "pl", "vi", "el", "ar", "he", "th", "hi", "ko", "ja", "en"], WESTERN, 2, False, False),
    (["ru", "zh", "de", "fr", "tr", "vi", "en"], LATIN, 1, False, False),
    (["ru", "fr", "en"], LATIN, 2, False, False),
    (["ru", "uk", "zh", "de", "fr", "tr", "vi", "ko", "ja", "en"], CYRILLIC, 1, False, False),
    (["ru", "uk", "en"], CYRILLIC, 2, False, False),
]
# Lossy damage that can be told: (language, sentence, table, lost, spaces).
LOSSY = [
    ("fr", "voilà un café", WESTERN, False, True),
    ("fr", "C’est à deux pas, à côté", WESTERN, False, True),
    ("pt", "às vezes não atendem", WESTERN, False, True),
    ("en", "“Great” – not!", WESTERN, True, False),
    ("en", "so good 👍", WESTERN, True, False),
    ("ru", "с работой не справились", WESTERN, True, False),
    ("ru", "Персонал спит", WESTERN, True, False),
    ("ru", "моя новая плита", WESTERN, True, False),
    ("ru", "Но долго", WESTERN, True, False),
    ("ru", "И долго ждали", CYRILLIC, True, False),
    ("ru", "Работают плохо", CYRILLIC, False, True),
    ("ru", "Ужас 😡", CYRILLIC, True, False),
]


def row(name, given, expected):
    print(f"    {{{literal(name)}, {literal(given)}, {literal(expected)}}},")


for languages, table, times, lost, spaces in PLANS:
    for language in languages:
        for sentence in SENTENCES[language]:
            row(f"{language}, {table}, {times}: {sentence}", damaged(sentence, table, times), sentence)
for language, sentence, table, lost, spaces in LOSSY:
    row(f"{language}, {table}, {'lost' if lost else 'spaces'}: {sentence}", damaged(sentence, table, 1, lost, spaces), sentence)
