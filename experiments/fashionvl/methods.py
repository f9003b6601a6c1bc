"""What methods.sh needs beside das. Rows are those of methods/*.csv.

methods.py run USAGE COMMAND…                                     runs a command, and writes its processor's seconds and its most memory to a file
methods.py note ROWS rates TASK METHOD RATE EVALUATION            a row of what a learning rate gave
methods.py note ROWS trained TASK PLAN METHOD SEED TRAINED USAGE WHOLE
                                                                  a row of what a trained network does, and costs beside the whole plan's
methods.py note ROWS latencies PLAN METHOD MERGED UNMERGED        a row of how much faster one is than the whole network, percent
methods.py rate ROWS TASK METHOD                                  the learning rate that did best on the validation split
methods.py beyond ROWS TASK METHOD RATE…                          the learning rate to try beyond those, where the first or the last did best; else nothing
methods.py table ROWS                                             the table of README.md, and methods.svg
"""

import collections
import csv
import fcntl
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys

LADDER = "0.00005 0.00015 0.0005 0.0015 0.005 0.015".split()
TASKS = ["vqa", "nlvr2", "retrieval"]
METHODS = "full distilled-full das distilled adapter lora apt scaled-pa ssf ttc layer-norm bitfit prompt-deep prompt-shallow pia linear".split()
ALIKE = {"distilled": "das", "distilled-full": "full"}  # learning rates and latencies of these are of those
COLUMNS = {
    "rates": ["task", "method", "rate", "validation_accuracy"],
    "trained": ["task", "plan", "method", "seed", "score", "skipped", "trainable", "multiply_accumulates", "change_percent", "seconds", "mebibytes"],
    "latencies": ["plan", "method", "merged", "unmerged"],
}


def run(usage, command):
    # What an earlier call of it took before it was interrupted, nobody knows.
    goes_on = pathlib.Path(command[command.index("-o") + 1] + ".safetensors.state").exists()
    code = subprocess.call(command)
    if code == 0:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        # Of a processor, not of a clock: what else runs beside hardly changes them. Memory is in kibibytes, on Linux.
        pathlib.Path(usage).write_text(json.dumps({"seconds": None if goes_on else used.ru_utime + used.ru_stime, "mebibytes": used.ru_maxrss / 1024}))
    return code


def read(rows, table):
    path = pathlib.Path(rows, table + ".csv")
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def note(rows, table, *fields):
    """Rows are kept in order, whichever came first, and the file is whole at any time."""
    values = {"rates": rates, "trained": trained, "latencies": latencies}[table](*fields)
    row = dict(zip(COLUMNS[table], map(str, values), strict=True))
    folder = os.open(rows, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        path = pathlib.Path(rows, table + ".csv")
        part = path.with_suffix(".part")
        with part.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[table], lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted([*read(rows, table), row], key=lambda row: list(row.values())))
        os.replace(part, path)
    finally:
        os.close(folder)


def load(path):
    return json.loads(pathlib.Path(path).read_text())


def rates(task, method, tried, evaluation):
    return task, method, tried, load(evaluation)["validation.accuracy"]


def trained(task, plan, method, seed, path, usage, whole):
    network, used = load(path), load(usage)
    metrics, operations = network["result"]["metrics"], network["accounting"]["multiply_accumulates"]["plan"]
    change = 100 * (operations / load(whole)["accounting"]["multiply_accumulates"]["full"] - 1)  # a compressed network's own whole is smaller
    skipped = " ".join(str(module["index"]) for module in network["skip"])
    return (
        task, plan, method, seed, metrics["test.accuracy"], skipped, network["accounting"]["parameters"]["trainable"],
        operations, change, "" if used["seconds"] is None else round(used["seconds"]), round(used["mebibytes"]),
    )  # fmt: skip


def latencies(plan, method, *measured):
    return plan, method, *(load(path)["latency"]["change"]["percent"] for path in measured)


def best(rows, task, method):
    alike = ALIKE.get(method, method)
    found = {row["rate"]: float(row["validation_accuracy"]) for row in read(rows, "rates") if (row["task"], row["method"]) == (task, alike)}
    # Of equal ones the smallest.
    return min(found, key=lambda tried: (-found[tried], float(tried)))


def rate(rows, task, method):
    print(best(rows, task, method))


def beyond(rows, task, method, *tried):
    found = best(rows, task, method)
    step = {tried[0]: -1, tried[-1]: 1}.get(found, 0)
    print(LADDER[LADDER.index(found) + step] if step else "")


def spread(values, digits=1):
    mean = f"{statistics.mean(values):.{digits}f}"
    return f"{mean} ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else mean


def table(rows):
    groups = collections.defaultdict(list)
    for row in read(rows, "trained"):
        groups[row["task"], row["plan"], row["method"]].append(row)
    measured = {(row["plan"], row["method"]): row for row in read(rows, "latencies")}

    tasks = [task for task in TASKS if any(key[0] == task for key in groups)]
    print("| plan | method | " + " | ".join(f"{task}, %" for task in tasks) + " | trained parameters | multiply-accumulates | memory, MiB | minutes of a core | latency | unmerged |")
    print("|---|---|" + "---:|" * (len(tasks) + 6))
    plans = sorted({plan for _, plan, _ in groups}, key=lambda plan: (skipped(plan), plan.startswith("pela-"), plan))
    for plan in plans:
        for method in METHODS:
            cells = [groups[task, plan, method] for task in tasks]
            if not any(cells):
                continue
            row = next(filter(None, cells))[0]
            minutes = f"{int(row['seconds']) / 60:.1f}" if row["seconds"] else ""
            latency = measured.get((plan, ALIKE.get(method, method)))
            print(
                f"| {title(plan)} | `{method}` | " + " | ".join(spread(scores(cell)) if cell else "" for cell in cells)
                + f" | {int(row['trainable']):,} | {float(row['change_percent']):+.1f} % | {int(row['mebibytes']):,} | {minutes} "
                + "".join(f"| {float(latency[kind]):+.1f} % " if latency else "| " for kind in ("merged", "unmerged"))
                + "|"
            )
    draw(pathlib.Path(rows), groups, tasks, plans)


def skipped(plan):
    """Layers that a plan of this name skips."""
    chosen = plan.removeprefix("pela-")
    return 0 if chosen == "whole" else int(chosen.removeprefix("das").removeprefix("random"))


def title(plan):
    layers = f"{skipped(plan)} of 12" if skipped(plan) else "none skipped"
    return layers + (" at random" if "random" in plan else "") + (", compressed" if plan.startswith("pela-") else "")


def scores(rows):
    return [100 * float(row["score"]) for row in rows]


def draw(folder, groups, tasks, plans):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["svg.hashsalt"] = "methods"
    from matplotlib import pyplot

    marks = "o s D ^ v < > P X * p h H d 8 |".split()
    figure, axes = pyplot.subplots(1, len(tasks), figsize=(6 * len(tasks), 4.5), squeeze=False)
    lines = {}
    for axis, task in zip(axes[0], tasks):
        for index, (method, mark) in enumerate(zip(METHODS, marks)):
            # Hollow marks are of the compressed backbone.
            for backbone, look in (("", {}), ("pela-", {"linestyle": "--", "fillstyle": "none"})):
                points = sorted(
                    (int(rows[0]["multiply_accumulates"]) / 1e6, statistics.mean(scores(rows)))
                    for rows in (groups[task, plan, method] for plan in plans if plan in (backbone + "whole", f"{backbone}das{skipped(plan)}"))
                    if rows
                )
                if points:
                    line = axis.plot(*zip(*points), marker=mark, linewidth=0.6, markersize=6, color=f"C{index}", **look)[0]
                    lines.setdefault(method, line)
        axis.set_title(task)
        axis.set_xlabel("multiply-accumulates of a sample, millions")
        axis.set_ylabel("recall at 1 of 16, %" if task == "retrieval" else "test accuracy, %")
        axis.grid(alpha=0.3)
    axes[0][-1].legend(lines.values(), lines, fontsize=8, loc="center left", bbox_to_anchor=(1.02, 0.5))
    figure.tight_layout()
    figure.savefig(folder / "methods.svg", metadata={"Date": None})


if __name__ == "__main__":
    if sys.argv[1] == "run":
        sys.exit(run(sys.argv[2], sys.argv[3:]))
    {"note": note, "rate": rate, "beyond": beyond, "table": table}[sys.argv[1]](*sys.argv[2:])
