"""Draws streams.svg and prints the table of README.md from the reports that streams.sh made: streams.py FOLDER."""

import csv
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.fonttype"] = "none"
matplotlib.rcParams["svg.hashsalt"] = "streams"
from matplotlib import pyplot  # noqa: E402

TASKS = ["vqa", "nlvr2", "retrieval"]
GRANULARITIES = ["layers", "sub-layers"]
COLOURS = ["#D55E00", "#0072B2", "#009E73", "#CC79A7"]


def read(path):
    """By stream its rows, each with depth, importance and the ends of its interval; the last is the mean's."""
    groups = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["stream"], []).append(row)
    return groups


def main(folder):
    folder = pathlib.Path(folder)
    found = {path.parent.name: path for path in folder.glob("*/streams.csv")}
    tasks = [task for task in TASKS if any(f"{task}-{granularity}" in found for granularity in GRANULARITIES)]
    granularities = [granularity for granularity in GRANULARITIES if any(f"{task}-{granularity}" in found for task in TASKS)]
    figure, axes = pyplot.subplots(len(granularities), len(tasks), figsize=(5 * len(tasks), 4 * len(granularities)), squeeze=False, sharex="row")
    print("| modules | task | of | mean importance, 10⁻³ | 95 % interval | p |")
    print("|---|---|---|---:|---|---:|")
    for line, granularity in zip(axes, granularities):
        for axis, task in zip(line, tasks):
            path = found.get(f"{task}-{granularity}")
            axis.set_visible(path is not None)
            for (name, rows), colour in zip(read(path).items() if path else (), COLOURS):
                *layers, mean = [row for row in rows if row["importance"]]
                values = [float(row["importance"]) for row in layers]
                reach = [[value - float(row["lower"]) for value, row in zip(values, layers)], [float(row["upper"]) - value for value, row in zip(values, layers)]]
                axis.errorbar([int(row["depth"]) for row in layers], values, yerr=reach, label=name, color=colour, marker="o", linewidth=1, capsize=3)
                print(
                    f"| {12 if granularity == 'layers' else 24} | {task} | {name} | {1000 * float(mean['importance']):+.1f} "
                    f"| {1000 * float(mean['lower']):+.1f} to {1000 * float(mean['upper']):+.1f} | {float(mean['p_value']):.2g} |"
                )
            axis.axhline(0, color="#B4B4B4", linestyle="--", linewidth=1)
            axis.set_title(f"{task}, {granularity}")
            axis.grid(alpha=0.3)
        line[0].set_ylabel("importance, in reward")
        line[0].legend(fontsize=8, ncol=2, loc="lower left", bbox_to_anchor=(0, 1.08), frameon=False)
    for axis in axes[-1]:
        axis.set_xlabel("layer of its stream")
    figure.tight_layout()
    figure.savefig(folder / "streams.svg", metadata={"Date": None})


if __name__ == "__main__":
    main(sys.argv[1])
