"""Prints the comparison of README.md from trained plans: table.py FOLDER."""

import json
import pathlib
import statistics
import sys

ROWS = [
    ("linear", "classifier only"),
    ("full", "full fine-tuning"),
    ("adapters", "adapters in every layer, none skipped"),
    ("das2", "DAS, 2 of 6 skipped"),
    ("random2", "2 of 6 skipped at random"),
    ("fresh", "fresh weights of the same shape, all trained"),
]


def main(folder):
    print("| | runs | skipped | test accuracy, % | trainable parameters | multiply-accumulates |")
    print("|---|---:|---|---:|---:|---:|")
    for name, title in ROWS:
        plans = [json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob(f"{name}*.json"))]
        if not plans:
            continue
        accuracy = [100 * plan["result"]["metrics"]["test.accuracy"] for plan in plans]
        skipped = "; ".join(", ".join(str(module["index"]) for module in plan["skip"]) or "none" for plan in plans)
        spread = f" ± {statistics.stdev(accuracy):.1f}" if len(accuracy) > 1 else ""
        account = plans[0]["accounting"]
        operations = account["multiply_accumulates"]
        print(
            f"| {title} | {len(plans)} | {skipped} | {statistics.mean(accuracy):.1f}{spread} | {account['parameters']['trainable']:,} "
            f"| {operations['plan'] / 1e6:.1f} M ({100 * (operations['plan'] / operations['full'] - 1):+.1f} %) |"
        )


if __name__ == "__main__":
    main(sys.argv[1])
