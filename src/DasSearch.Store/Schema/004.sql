-- Schema 4: what every subnetwork of a searched supernet is worth on a whole split.

CREATE TABLE truth (
  run_id     INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  split      TEXT NOT NULL,                        -- such as validation
  subnetwork TEXT NOT NULL,                        -- the skipped indices, such as 2,5,7, or - for none
  loss       REAL NOT NULL,                        -- the mean over samples
  accuracy   REAL NOT NULL,
  samples    INTEGER NOT NULL,
  losses     BLOB NOT NULL,                        -- of each sample, in the split's order: 32-bit floats, little-endian
  PRIMARY KEY (run_id, split, subnetwork)
) WITHOUT ROWID;
