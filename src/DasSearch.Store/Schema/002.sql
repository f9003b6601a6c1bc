-- Schema 2: how long a batch takes in a run's networks, measured side by side when its search was over.

CREATE TABLE latency (
  run_id            INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  batch             INTEGER NOT NULL,              -- samples
  full_milliseconds REAL NOT NULL,                 -- the backbone as it is
  kept_milliseconds REAL NOT NULL                  -- with its adapters, and nothing skipped
);

CREATE TABLE module_latency (
  run_id             INTEGER NOT NULL REFERENCES latency ON DELETE CASCADE,
  module             INTEGER NOT NULL,
  saved_milliseconds REAL NOT NULL,                -- how much less it is with this module skipped
  PRIMARY KEY (run_id, module)
) WITHOUT ROWID;
