"""What compare.sh needs beside das. Rows are a file of compare/*.csv.

compare.py note ROWS NAME SEED TRAINED   a row of what a trained network does, and costs beside the whole one, by its profile beside it
compare.py table ROWS                    the table of README.md
compare.py foresight ROWS PLANS          whether the first search's rewards, which PLANS/random4-draw*.json say, rank its plans at random as training did
"""

import collections
import csv
import fcntl
import json
import os
import pathlib
import statistics
import sys

TITLES = {
    "linear": "classifier only",
    "lora": "LoRA, none skipped",
    "adapters": "adapters in every layer, none skipped",
    "full": "full fine-tuning",
    "das2": "DAS, 2 of 12 skipped",
    "das4": "DAS, 4 of 12 skipped",
    "das6": "DAS, 6 of 12 skipped",
    "random4": "4 of 12 skipped at random",
    "full-das4": "full fine-tuning, DAS's 4 of 12 skipped",
    "distilled-full-das4": "full fine-tuning, DAS's 4 of 12 skipped, learning from the whole network besides",
}
KINDS = ["", "_seen_names", "_unseen_names"]
# Percent of the test; then millions, and percent of the whole network's: in all, and without what comes before the layers, as METER's encoders do.
COLUMNS = ["name", "seed", "test", "seen_names", "unseen_names", "trainable", "multiply_accumulates", "change", "layers_change"]


def read(rows):
    path = pathlib.Path(rows)
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def note(rows, name, seed, path):
    """Rows are kept in order, whichever came first, and the file is whole at any time."""
    plan = json.loads(pathlib.Path(path).read_text())
    parts = json.loads(pathlib.Path(path).with_suffix(".profile").read_text())["parts"]
    kept, whole = (sum(part[key] for part in parts) for key in ("plan_multiply_accumulates", "full_multiply_accumulates"))
    outside = parts[0]["full_multiply_accumulates"]
    scores = [f"{100 * plan['result']['metrics']['test.accuracy' + kind]:.2f}" for kind in KINDS]
    changes = [f"{100 * (few / many - 1):.1f}" for few, many in ((kept, whole), (kept - outside, whole - outside))]
    row = dict(zip(COLUMNS, (name, seed, *scores, plan["accounting"]["parameters"]["trainable"], f"{kept / 1e6:.1f}", *changes), strict=True))
    folder = os.open(pathlib.Path(rows).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        part = pathlib.Path(rows).with_suffix(".part")
        with part.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted([*read(rows), row], key=lambda row: (list(TITLES).index(row["name"]), int(row["seed"]))))
        os.replace(part, rows)
    finally:
        os.close(folder)


def spread(values):
    mean = f"{statistics.mean(values):.1f}"
    return f"{mean} ± {statistics.stdev(values):.1f}" if len(values) > 1 else mean


def table(rows):
    groups = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in read(rows):
        for column in COLUMNS[1:]:
            groups[row["name"]][column].append(float(row[column]))
    full = dict(zip(groups["full"]["seed"], groups["full"]["test"]))
    print("| | runs | test accuracy, % | of full fine-tuning | seen names, % | unseen names, % | trainable parameters | multiply-accumulates | of the layers alone |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, title in TITLES.items():
        values = groups[name]
        if not values["test"]:
            continue
        # Each beside the same seed's, where that is there.
        shares = [100 * score / full.get(seed, statistics.mean(full.values())) for seed, score in zip(values["seed"], values["test"])] if full else []
        share = f"{statistics.mean(shares):.1f} %" if shares else ""
        print(
            f"| {title} | {len(values['test'])} | {spread(values['test'])} | {share} | {spread(values['seen_names'])} | {spread(values['unseen_names'])} "
            f"| {statistics.mean(values['trainable']):,.0f} | {statistics.mean(values['multiply_accumulates']):.1f} M "
            f"({statistics.mean(values['change']):+.1f} %) | {statistics.mean(values['layers_change']):+.1f} % |"
        )


def foresight(rows, plans):
    """A plan is expected to be as good as the rewards are better without its layers than with them, added up."""
    expected, tested = [], []
    for row in read(rows):
        path = pathlib.Path(plans) / f"random4-draw{row['seed']}.json"
        if row["name"] == "random4" and path.exists():
            expected.append(sum(module["evidence"]["difference"] for module in json.loads(path.read_text())["skip"]))
            tested.append(float(row["test"]))
    if len(expected) > 2:
        print(f"rank correlation of what rewards expect of {len(expected)} plans at random and their test accuracy: {statistics.correlation(ranks(expected), ranks(tested)):.2f}")


def ranks(values):
    places = sorted(values)
    return [places.index(value) for value in values]


if __name__ == "__main__":
    {"note": note, "table": table, "foresight": foresight}[sys.argv[1]](*sys.argv[2:])
