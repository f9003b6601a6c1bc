"""Makes Fixtures/clip: a small BPE in CLIP's layout, and what it makes of the sentences of Fixtures/bpe: python3 make_clip.py.

Written from the description in CLIP's paper (arXiv:2103.00020) and its model card, so that it can be an oracle. The same merges lie there as OpenAI has
them (packed) and as Hugging Face has them.
"""
import collections
import gzip
import json
import pathlib
import re
import unicodedata

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "clip"
FOLDER.mkdir(exist_ok=True)
MERGES = 300
END = "</w>"


def kind(letter):
    category = unicodedata.category(letter)
    return "space" if letter.isspace() else "letter" if category[0] == "L" else "number" if category[0] == "N" else "other"


def words(text):
    """Of a text in lower case: 's|'t|'re|'ve|'m|'ll|'d|letters|a number|others"""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip().lower()
    while text:
        what = kind(text[0])
        end = re.match("'(?:s|t|re|ve|m|ll|d)", text)
        size = end.end() if end else 1
        if not end and what in ("letter", "other"):
            while size < len(text) and kind(text[size]) == what:
                size += 1
        if what != "space":
            yield text[:size]
        text = text[size:]


seen = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
LETTERS = {byte: chr(byte) for byte in seen}
for byte in range(256):
    LETTERS.setdefault(byte, chr(0x100 + len(LETTERS) - len(seen)))


def spelt(word):
    letters = [LETTERS[byte] for byte in word.encode("utf-8")]
    return (*letters[:-1], letters[-1] + END)


def merged(word, pair):
    result, at = [], 0
    while at < len(word):
        both = word[at : at + 2] == pair
        result.append("".join(word[at : at + 2]) if both else word[at])
        at += 2 if both else 1
    return tuple(result)


def train(texts):
    counts = collections.Counter(spelt(word) for text in texts for word in words(text))
    merges, known = [], {letter + end for letter in LETTERS.values() for end in ("", END)}
    while len(merges) < MERGES:
        pairs = collections.Counter()
        for word, count in counts.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        best = max(sorted(pair for pair in pairs if "".join(pair) not in known), key=pairs.get)
        merges.append(best)
        known.add("".join(best))
        changed = collections.Counter()
        for word, count in counts.items():
            changed[merged(word, best)] += count
        counts = changed
    return merges


def encode(text, ranks, ids):
    for word in map(spelt, words(text)):
        while len(word) > 1:
            best = min(zip(word, word[1:]), key=lambda pair: ranks.get(pair, MERGES))
            if best not in ranks:
                break
            word = merged(word, best)
        yield from (ids[piece] for piece in word)


texts = [json.loads(line)["text"] for line in open(HERE / "bpe" / "sentences.jsonl", encoding="utf-8")]
texts += ["ΟΔΟΣ ΣΟΦΟΣ Σ", "Caf\u00c9 I'LL 'tis ?!'s x'sy", "photo !? 2024"]
merges = train(texts[:400])
pieces = [letter + end for end in ("", END) for letter in LETTERS.values()] + ["".join(pair) for pair in merges] + ["<|startoftext|>", "<|endoftext|>"]
ids = {piece: place for place, piece in enumerate(pieces)}
ranks = {pair: place for place, pair in enumerate(merges)}
lines = "".join(f"{one} {other}\n" for one, other in merges)
(FOLDER / "bpe_simple_vocab.txt.gz").write_bytes(gzip.compress(('"bpe_simple_vocab_16e6.txt#version: 0.2\n' + lines).encode("utf-8"), mtime=0))
(FOLDER / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
(FOLDER / "merges.txt").write_text("#version: 0.2\n" + lines, encoding="utf-8")
with open(FOLDER / "sentences.jsonl", "w", encoding="utf-8") as file:
    for text in texts:
        file.write(json.dumps({"text": text, "ids": list(encode(text, ranks, ids))}, ensure_ascii=False) + "\n")
