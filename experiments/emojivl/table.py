"""Prints the comparison of README.md from trained plans and their profiles: table.py FOLDER."""

import json
import pathlib
import statistics
import sys

ROWS = [
    ("linear", "classifier only"),
    ("lora", "LoRA, none skipped"),
    ("adapters", "adapters in every layer, none skipped"),
    ("full", "full fine-tuning"),
    ("das2", "DAS, 2 of 12 skipped"),
    ("das4", "DAS, 4 of 12 skipped"),
    ("das6", "DAS, 6 of 12 skipped"),
    ("random4", "4 of 12 skipped at random"),
    ("full-das4", "full fine-tuning, DAS's 4 of 12 skipped"),
    ("distilled-full-das4", "full fine-tuning, DAS's 4 of 12 skipped, learning from the whole network besides"),
]


def spread(values):
    mean = f"{statistics.mean(values):.1f}"
    return f"{mean} ± {statistics.stdev(values):.1f}" if len(values) > 1 else mean


def operations(profile):
    """Multiply-accumulates of the plan and of the whole network: in all, and without what comes before the layers, as METER's frozen encoders do."""
    outside = profile["parts"][0]["full_multiply_accumulates"]
    sums = [sum(part[key] for part in profile["parts"]) for key in ("plan_multiply_accumulates", "full_multiply_accumulates")]
    return [*sums, *(total - outside for total in sums)]


def main(folder):
    runs = {name: [] for name, _ in ROWS}
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        plan = json.loads(path.read_text())
        plan["operations"] = operations(json.loads(path.with_suffix(".profile").read_text()))
        runs[path.stem.rsplit("-seed", 1)[0]].append(plan)

    def accuracies(name, kind=""):
        return [100 * plan["result"]["metrics"]["test.accuracy" + kind] for plan in runs[name]]

    full = statistics.mean(accuracies("full")) if runs["full"] else None
    print("| | runs | test accuracy, % | of full fine-tuning | seen names, % | unseen names, % | trainable parameters | multiply-accumulates | of the layers alone |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, title in ROWS:
        if not runs[name]:
            continue
        sums = [statistics.mean(values) for values in zip(*(plan["operations"] for plan in runs[name]))]
        share = f"{100 * statistics.mean(accuracies(name)) / full:.1f} %" if full else ""
        print(
            f"| {title} | {len(runs[name])} | {spread(accuracies(name))} | {share} "
            f"| {spread(accuracies(name, '_seen_names'))} | {spread(accuracies(name, '_unseen_names'))} "
            f"| {statistics.mean(plan['accounting']['parameters']['trainable'] for plan in runs[name]):,.0f} "
            f"| {sums[0] / 1e6:.1f} M ({100 * (sums[0] / sums[1] - 1):+.1f} %) | {100 * (sums[2] / sums[3] - 1):+.1f} % |"
        )


if __name__ == "__main__":
    main(sys.argv[1])
