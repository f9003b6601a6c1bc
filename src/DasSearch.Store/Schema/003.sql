-- Schema 3: what a search found out about the adapters of its supernet when it was over, which their placement goes by.

CREATE TABLE adapter (
  run_id                    INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  module                    INTEGER NOT NULL,
  placement                 TEXT NOT NULL,         -- replace or parallel
  site                      TEXT NOT NULL,         -- which part of the module
  fixed_parameters          INTEGER NOT NULL,      -- whatever its bottleneck
  unit_parameters           INTEGER NOT NULL,      -- of each inner unit
  unit_multiply_accumulates INTEGER NOT NULL,      -- of each inner unit, for one sample
  PRIMARY KEY (run_id, module, placement, site)
) WITHOUT ROWID;

CREATE TABLE adapter_unit (
  run_id    INTEGER NOT NULL,
  module    INTEGER NOT NULL,
  placement TEXT NOT NULL,
  site      TEXT NOT NULL,
  unit      INTEGER NOT NULL,                      -- from 0
  saliency  REAL NOT NULL,                         -- mean square of what the loss would change by without it, to first order
  PRIMARY KEY (run_id, module, placement, site, unit),
  FOREIGN KEY (run_id, module, placement, site) REFERENCES adapter ON DELETE CASCADE
) WITHOUT ROWID;
