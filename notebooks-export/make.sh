#!/usr/bin/env bash
# Makes the notebook of this folder again, from the searches and trainings of experiments/fashionvl/compare.sh: a database with
# the one run, the notebook that das writes of it, and its figures, drawn by Jupyter.
#
#   notebooks-export/make.sh [FOLDER]     what compare.sh wrote; by default artifacts/compare
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
compared=${1:-$root/artifacts/compare}
python=${DAS_PYTHON:-/usr/bin/python3}

rm -f "$here"/vqa-das4.*
"$python" - "$compared/das.db" "$here/vqa-das4.db" das4-seed0 <<'PYTHON'
import contextlib
import sqlite3
import sys

source, target, name = sys.argv[1:]
with (
    contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as everything,
    contextlib.closing(sqlite3.connect(target, isolation_level=None)) as one,
):
    everything.backup(one)
    one.execute("PRAGMA foreign_keys = on")
    one.execute("DELETE FROM run WHERE name <> ?", [name])
    # Curves of trainings, which the notebook does not draw, are most of what is left.
    one.execute("DELETE FROM metric WHERE name LIKE '%train.loss'")
    one.execute("UPDATE run SET config_path = 'experiments/fashionvl/vqa-das4.yaml'")  # wherever the repository lay
    one.execute("PRAGMA journal_mode = delete")
    one.execute("VACUUM")
PYTHON

cp "$compared/das4-seed0.json" "$here/vqa-das4.json"
"$root/das" export "$here/vqa-das4.json" --to notebook -o "$here/vqa-das4.ipynb" --db "$here/vqa-das4.db"
(cd "$here" && "$python" -Xfrozen_modules=off - vqa-das4.ipynb <<'PYTHON'
import sys

import nbclient
import nbformat

path = sys.argv[1]
notebook = nbformat.read(path, 4)
nbclient.NotebookClient(notebook, kernel_name="python3", record_timing=False).execute()
nbformat.write(notebook, path)
PYTHON
)
