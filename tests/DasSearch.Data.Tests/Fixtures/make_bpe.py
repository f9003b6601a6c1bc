"""Makes Fixtures/bpe: a small byte-level BPE in RoBERTa's layout, and what it makes of 1,000 sentences: python3 make_bpe.py.

Training, splitting and merging are written here anew, as GPT-2's paper describes them, so that they can be an oracle.
"""
import collections
import json
import pathlib
import random
import unicodedata

FOLDER = pathlib.Path(__file__).parent / "bpe"
FOLDER.mkdir(exist_ok=True)
MERGES = 300
WORDS = """the a of two left image right shows dogs don't it's we've I'll they're what's white black grass running
Hund straße größer élève œuvre naïve señor İstanbul şeker łódź žluťoučký kůň Ελλάδα γλώσσα αγάπη Москва собака говорит їжак
שלום עולם السلام عليكم كتاب नमस्ते दुनिया हिन्दी বাংলা ভাষা தமிழ் తెలుగు ಕನ್ನಡ മലയാളം ภาษาไทย ລາວ မြန်မာ ქართული Հայերեն
አማርኛ 中文句子 汉字 日本語 ひらがな カタカナ 한국어 문장 𠀀𠀁 𐌰𐌱𐌲 😀 👍🏽 👩‍👩‍👧 €5 £3.50 10,000 3²  ½ ① Ⅷ ٣٤ ... !? (ok) “quoted” a_b x=y+1 http://a.b/c#d""".split()
SPACES = [" "] * 20 + ["  ", "   ", "\n", " \n ", "\t", "\u00a0", "\u3000", ""]


def sentence(draw):
    return "".join(draw.choice(WORDS) + draw.choice(SPACES) for _ in range(draw.randrange(2, 12)))


def kind(letter):
    category = unicodedata.category(letter)
    return "space" if letter.isspace() else "letter" if category[0] == "L" else "number" if category[0] == "N" else "other"


def parts(text):
    """'s|'t|'re|'ve|'m|'ll|'d| ?letters| ?numbers| ?others|spaces but the last before something|spaces"""
    start = 0
    while start < len(text):
        end = next((ending for ending in ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d") if text.startswith(ending, start)), None)
        if end:
            yield end
            start += len(end)
            continue
        at = start
        if text[at] == " " and at + 1 < len(text) and kind(text[at + 1]) != "space":
            at += 1
        what = kind(text[at])
        while at < len(text) and kind(text[at]) == what:
            at += 1
        if what == "space" and at < len(text) and at - start > 1:
            at -= 1
        yield text[start:at]
        start = at


def alphabet():
    """A letter for each byte: itself where it can be seen, else one from U+0100 on."""
    seen = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {byte: chr(0x100 + place) for place, byte in enumerate(hidden)}


LETTERS = alphabet()


def spelt(part):
    return tuple(LETTERS[byte] for byte in part.encode("utf-8"))


def merged(word, pair):
    result, at = [], 0
    while at < len(word):
        both = word[at:at + 2] == pair
        result.append(word[at] + word[at + 1] if both else word[at])
        at += 2 if both else 1
    return tuple(result)


def train(texts):
    words = collections.Counter(spelt(part) for text in texts for part in parts(text))
    merges = []
    while len(merges) < MERGES:
        pairs = collections.Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        best = max(sorted(pairs), key=pairs.get)
        merges.append(best)
        changed = collections.Counter()
        for word, count in words.items():
            changed[merged(word, best)] += count
        words = changed
    return merges


def encode(text, ranks, ids):
    for part in parts(text):
        word = spelt(part)
        while len(word) > 1:
            best = min(zip(word, word[1:]), key=lambda pair: ranks.get(pair, MERGES))
            if best not in ranks:
                break
            word = merged(word, best)
        yield from (ids[piece] for piece in word)


draw = random.Random(5)
merges = train([sentence(draw) for _ in range(400)])
pieces = ["<s>", "<pad>", "</s>", "<unk>"] + [LETTERS[byte] for byte in range(256)]
for pair in merges:
    if "".join(pair) not in pieces:
        pieces.append("".join(pair))
pieces.append("<mask>")
ids = {piece: place for place, piece in enumerate(pieces)}
ranks = {pair: place for place, pair in enumerate(merges)}
(FOLDER / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
(FOLDER / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{one} {other}\n" for one, other in merges), encoding="utf-8")
with open(FOLDER / "sentences.jsonl", "w", encoding="utf-8") as file:
    for _ in range(1000):
        text = sentence(draw)
        file.write(json.dumps({"text": text, "ids": list(encode(text, ranks, ids))}, ensure_ascii=False) + "\n")
