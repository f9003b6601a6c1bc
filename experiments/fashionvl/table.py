"""Prints the comparison of README.md from trained plans: table.py FOLDER."""

import json
import pathlib
import statistics
import sys

ROWS = [
    ("linear", "classifier only"),
    ("adapters", "adapters in every layer, none skipped"),
    ("full", "full fine-tuning"),
    ("das2", "DAS, 2 of 12 skipped"),
    ("das4", "DAS, 4 of 12 skipped"),
    ("das6", "DAS, 6 of 12 skipped"),
    ("parts", "DAS on sub-layers, 7 of 24 skipped"),
    ("random4", "4 of 12 skipped at random"),
]


def mean_and_deviation(values, digits):
    mean = f"{statistics.mean(values):.{digits}f}"
    return f"{mean} ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else mean


def main(folder):
    plans = {name: [] for name, _ in ROWS}
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        plan = json.loads(path.read_text())
        plan["latency"] = json.loads(path.with_suffix(".latency").read_text())["latency"]
        plans[path.stem.rsplit("-seed", 1)[0]].append(plan)

    full = statistics.mean(plan["result"]["metrics"]["test.accuracy"] for plan in plans["full"])
    print("| | runs | test accuracy, % | of full fine-tuning | trainable parameters | multiply-accumulates | latency, ms |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, title in ROWS:
        if not plans[name]:
            continue
        accuracy = [100 * plan["result"]["metrics"]["test.accuracy"] for plan in plans[name]]
        accounts = [plan["accounting"] for plan in plans[name]]
        latency = [plan["latency"] for plan in plans[name]]
        operations = statistics.mean(account["multiply_accumulates"]["plan"] for account in accounts)
        whole = statistics.mean(account["multiply_accumulates"]["full"] for account in accounts)
        print(
            f"| {title} | {len(accuracy)} | {mean_and_deviation(accuracy, 1)} "
            f"| {statistics.mean(accuracy) / full:.1f} % "
            f"| {statistics.mean(account['parameters']['trainable'] for account in accounts):,.0f} "
            f"| {operations / 1e6:.2f} M ({100 * (operations / whole - 1):+.1f} %) "
            f"| {mean_and_deviation([one['plan_milliseconds'] for one in latency], 1)} "
            f"({100 * (statistics.mean(one['plan_milliseconds'] / one['full_milliseconds'] for one in latency) - 1):+.1f} %) |"
        )


if __name__ == "__main__":
    main(sys.argv[1])
