"""What methods.sh needs beside das.

methods.py run USAGE COMMAND…   runs a command, and writes its processor's seconds and its most memory to a file
methods.py rate FOLDER METHOD   the learning rate that did best on the validation split
methods.py table FOLDER         the table of README.md, and methods.svg beside the plans
"""

import collections
import json
import pathlib
import resource
import statistics
import subprocess
import sys

TASKS = {"vqa": "accuracy", "nlvr2": "accuracy", "retrieval": "image_recall@1"}
PLANS = {"whole": "none skipped", "das4": "4 of 12", "das6": "6 of 12"}


def run(usage, command):
    code = subprocess.call(command)
    if code == 0:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        # Of a processor, not of a clock: what else runs beside hardly changes them. Memory is in kibibytes, on Linux.
        pathlib.Path(usage).write_text(json.dumps({"seconds": used.ru_utime + used.ru_stime, "mebibytes": used.ru_maxrss / 1024}))
    return code


def rate(folder, method):
    method = "das" if method == "distilled" else method
    found = {
        path.stem.removeprefix(method + "-"): json.loads(path.read_text())["validation.accuracy"]
        for path in pathlib.Path(folder).glob(f"{method}-0.*.validation")
    }
    # Of equal ones the smallest.
    print(min(found, key=lambda tried: (-found[tried], float(tried))))


def of(path):
    plan = json.loads(path.read_text())
    task, skipped, rest = path.stem.split("-", 2)
    method, seed = rest.rsplit("-seed", 1)
    return task, skipped, method, int(seed), plan


def spread(values, digits=1):
    mean = f"{statistics.mean(values):.{digits}f}"
    return f"{mean} ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else mean


def table(folder):
    folder = pathlib.Path(folder)
    scores, accounts, costs = collections.defaultdict(list), {}, {}
    for path in sorted((folder / "trained").glob("*.plan")):
        task, skipped, method, seed, plan = of(path)
        metrics = plan["result"]["metrics"]
        measure = next((name for name in (f"test.{TASKS[task]}", "test.accuracy") if name in metrics))
        scores[task, skipped, method].append(100 * metrics[measure])
        accounts[skipped, method] = plan["accounting"]
        if seed == 0:
            costs[task, skipped, method] = {
                suffix: json.loads(path.with_suffix("." + suffix).read_text())
                for suffix in ("usage", "latency", "unmerged")
                if path.with_suffix("." + suffix).exists()
            }

    tasks = [task for task in TASKS if any(key[0] == task for key in scores)]
    print("| plan | method | " + " | ".join(f"{task}, %" for task in tasks) + " | trained parameters | multiply-accumulates | memory, MiB | minutes of a core | latency | unmerged |")
    print("|---|---|" + "---:|" * (len(tasks) + 6))
    for skipped, title in PLANS.items():
        for method in dict.fromkeys(key[2] for key in scores if key[1] == skipped):
            account = accounts[skipped, method]
            cells = [spread(scores[task, skipped, method]) if scores[task, skipped, method] else "" for task in tasks]
            cost = costs.get((tasks[0], skipped, method), {})
            usage = cost.get("usage")
            print(
                f"| {title} | `{method}` | " + " | ".join(cells)
                + f" | {account['parameters']['trainable']:,} | {account['multiply_accumulates']['change_percent']:+.1f} % "
                + (f"| {usage['mebibytes']:,.0f} | {usage['seconds'] / 60:.1f} " if usage else "| | ")
                + "".join(f"| {cost[kind]['latency']['change']['percent']:+.1f} % " if kind in cost else "| " for kind in ("latency", "unmerged"))
                + "|"
            )
    draw(folder, scores, accounts, tasks)


def draw(folder, scores, accounts, tasks):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["svg.hashsalt"] = "methods"
    from matplotlib import pyplot

    methods = list(dict.fromkeys(key[2] for key in scores))
    marks = "o s D ^ v < > P X * p h H d 8".split()
    figure, axes = pyplot.subplots(1, len(tasks), figsize=(6 * len(tasks), 4.5), squeeze=False)
    for axis, task in zip(axes[0], tasks):
        for method, mark in zip(methods, marks):
            points = sorted(
                (accounts[skipped, method]["multiply_accumulates"]["plan"] / 1e6, statistics.mean(scores[task, skipped, method]))
                for skipped in PLANS
                if scores[task, skipped, method]
            )
            axis.plot(*zip(*points), marker=mark, linewidth=0.6, markersize=6, label=method)
        axis.set_title(task)
        axis.set_xlabel("multiply-accumulates of a sample, millions")
        axis.set_ylabel("recall at 1, %" if task == "retrieval" else "test accuracy, %")
        axis.grid(alpha=0.3)
    axes[0][-1].legend(fontsize=8, loc="center left", bbox_to_anchor=(1.02, 0.5))
    figure.tight_layout()
    figure.savefig(folder / "methods.svg", metadata={"Date": None})


if __name__ == "__main__":
    if sys.argv[1] == "run":
        sys.exit(run(sys.argv[2], sys.argv[3:]))
    {"rate": rate, "table": table}[sys.argv[1]](*sys.argv[2:])
