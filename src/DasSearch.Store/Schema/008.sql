-- Schema 8: what people say of a run, what became of it when, how far it is, and the best that it found.

ALTER TABLE run ADD COLUMN planned_rounds INTEGER;         -- rounds of a search that no rule ends earlier; null in runs that das before schema 8 began
ALTER TABLE run ADD COLUMN notes TEXT NOT NULL DEFAULT ''; -- Markdown

CREATE TABLE run_tag (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tag    TEXT NOT NULL,                            -- without spaces and commas
  PRIMARY KEY (run_id, tag)
) WITHOUT ROWID;

-- What became of a run, in the order of ids.
CREATE TABLE run_event (
  id          INTEGER PRIMARY KEY,
  run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  what        TEXT NOT NULL CHECK (what IN ('begun', 'resumed', 'saved', 'done', 'interrupted', 'failed')),
  rounds      INTEGER NOT NULL,                    -- how many it had then
  problem     TEXT,                                -- why it failed
  recorded_at TEXT NOT NULL                        -- of several savings, one after the other, the last
);
CREATE INDEX run_event_of_run ON run_event (run_id, id);

-- Of older runs no more is known than how they began and ended.
INSERT INTO run_event (run_id, what, rounds, recorded_at)
SELECT id, 'begun', 0, started_at FROM run;
INSERT INTO run_event (run_id, what, rounds, problem, recorded_at)
SELECT id, status, coalesce((SELECT max(round) + 1 FROM round WHERE run_id = run.id), 0), problem, finished_at
FROM run WHERE finished_at IS NOT NULL AND status <> 'running';

-- The best reward of a run is looked for whenever runs are listed.
CREATE INDEX evaluation_reward ON evaluation (run_id, reward);
