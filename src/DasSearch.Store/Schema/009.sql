-- Schema 9: a run whose process was gone before it could say so is told to have stopped, once it goes on.

CREATE TABLE run_event_9 (
  id          INTEGER PRIMARY KEY,
  run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  what        TEXT NOT NULL CHECK (what IN ('begun', 'resumed', 'saved', 'done', 'interrupted', 'failed', 'stopped')),
  rounds      INTEGER NOT NULL,                    -- how many it had then
  problem     TEXT,                                -- why it failed
  recorded_at TEXT NOT NULL                        -- of several savings, one after the other, the last; of a run that stopped, when it was last stored
);
INSERT INTO run_event_9 SELECT id, run_id, what, rounds, problem, recorded_at FROM run_event;
DROP TABLE run_event;
ALTER TABLE run_event_9 RENAME TO run_event;
CREATE INDEX run_event_of_run ON run_event (run_id, id);
