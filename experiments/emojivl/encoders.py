"""Prints what encoders.sh trained as a table: encoders.py FOLDER."""

import json
import pathlib
import statistics
import sys

MEASURES = ["test.accuracy", "test.accuracy_seen_names", "test.accuracy_unseen_names"]


def main(folder):
    runs = {}
    for path in sorted(pathlib.Path(folder).glob("*.json"), reverse=True):  # trained before fresh
        runs.setdefault(path.stem.rsplit("-", 1)[0], []).append(json.loads(path.read_text())["result"]["metrics"])
    print("| MiniLM's weights | method | runs | test accuracy, % | seen names, % | unseen names, % |")
    print("|---|---|---:|---:|---:|---:|")
    for name, metrics in runs.items():
        means = (f"{100 * statistics.mean(run[measure] for run in metrics):.1f}" for measure in MEASURES)
        print(f"| {' | '.join(name.split('-'))} | {len(metrics)} | {' | '.join(means)} |")


if __name__ == "__main__":
    main(sys.argv[1])
