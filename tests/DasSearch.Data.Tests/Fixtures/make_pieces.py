"""Writes pieces/: a SentencePiece model of BPE, made as LLaMA's was, and what SentencePiece itself makes of bpe/sentences.jsonl.

    /usr/bin/python3 make_pieces.py     with Debian's python3-sentencepiece (0.1.97)
"""
import json
import pathlib
import tempfile

import sentencepiece

here = pathlib.Path(__file__).parent
out = here / "pieces"
out.mkdir(exist_ok=True)
texts = [json.loads(line)["text"] for line in open(here / "bpe" / "sentences.jsonl", encoding="utf-8")]
with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as corpus:
    corpus.write("\n".join(text.replace("\n", " ") for text in texts))
    corpus.flush()
    # Bytes for what is unknown, digits apart, and texts as they are.
    sentencepiece.SentencePieceTrainer.train(
        input=corpus.name, model_prefix=str(out / "tokenizer"), model_type="bpe", vocab_size=1400, byte_fallback=True, split_digits=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, allow_whitespace_only_pieces=True, character_coverage=0.99995,
        pad_id=-1, unk_id=0, bos_id=1, eos_id=2, num_threads=1, minloglevel=2)
(out / "tokenizer.vocab").unlink()
model = sentencepiece.SentencePieceProcessor(model_file=str(out / "tokenizer.model"))
with open(out / "ids.jsonl", "w") as lines:
    for text in texts:
        print(json.dumps(model.encode(text)), file=lines)
