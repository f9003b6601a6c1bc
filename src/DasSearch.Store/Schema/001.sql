-- Schema 1 of the das database. PRAGMA user_version holds the number; later schemas are reached by later files only.
-- Times are ISO 8601 in UTC. Rewards of different modes (evaluation.mode) are not comparable.

-- One search.
CREATE TABLE run (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  name              TEXT NOT NULL,
  task              TEXT NOT NULL,
  backbone          TEXT NOT NULL,
  controller        TEXT NOT NULL,
  skip_count        INTEGER NOT NULL,              -- how many modules a subnetwork skips
  seed              INTEGER NOT NULL,
  status            TEXT NOT NULL CHECK (status IN ('running', 'done', 'interrupted', 'failed')),
  problem           TEXT,                          -- why it failed
  started_at        TEXT NOT NULL,
  updated_at        TEXT NOT NULL,                 -- when something of it was last stored
  finished_at       TEXT,
  config            TEXT NOT NULL,                 -- the resolved configuration, canonical YAML
  config_sha256     TEXT NOT NULL,
  config_path       TEXT,                          -- the file it was read from
  checkpoint        TEXT,
  checkpoint_sha256 TEXT,
  tool_version      TEXT NOT NULL,
  device            TEXT NOT NULL,
  torch_version     TEXT NOT NULL,
  torch_backend     TEXT NOT NULL,
  threads           INTEGER NOT NULL,
  machine           TEXT NOT NULL,
  -- what lies outside the modules: embeddings, norms, poolers and, but for its multiply-accumulates, the head
  outside_parameters           INTEGER NOT NULL,
  outside_trained              INTEGER NOT NULL,   -- how many of these parameters are trained
  outside_multiply_accumulates INTEGER NOT NULL    -- for one sample
);

-- A module of the run's backbone that can be skipped.
CREATE TABLE module (
  run_id               INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  module               INTEGER NOT NULL,           -- its index, from 0
  name                 TEXT NOT NULL,              -- its name in the checkpoint
  kind                 TEXT NOT NULL CHECK (kind IN ('whole', 'attention', 'feed-forward')),
  stream               TEXT NOT NULL,
  parameters           INTEGER NOT NULL,
  multiply_accumulates INTEGER NOT NULL,           -- for one sample
  replacement_parameters           INTEGER NOT NULL, -- of what stands in for it when it is skipped
  replacement_multiply_accumulates INTEGER NOT NULL,
  attached_parameters              INTEGER NOT NULL, -- of what is attached to it when it is kept
  attached_multiply_accumulates    INTEGER NOT NULL,
  PRIMARY KEY (run_id, module),
  UNIQUE (run_id, name)
) WITHOUT ROWID;

-- A round: it is stored whole, with all that refers to it, or not at all.
CREATE TABLE round (
  run_id       INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  round        INTEGER NOT NULL,                   -- from 0, without gaps
  step         INTEGER NOT NULL,                   -- training batches seen before it
  epoch        INTEGER NOT NULL,
  milliseconds REAL NOT NULL,
  controller   TEXT NOT NULL,
  memory       TEXT,                               -- what the controller keeps beside gates, as JSON
  recorded_at  TEXT NOT NULL,
  PRIMARY KEY (run_id, round)
) WITHOUT ROWID;

-- A subnetwork that a round scored.
CREATE TABLE evaluation (
  id           INTEGER PRIMARY KEY,
  run_id       INTEGER NOT NULL,
  round        INTEGER NOT NULL,
  candidate    INTEGER NOT NULL,                   -- from 0, in the order proposed
  outcome      TEXT NOT NULL CHECK (outcome IN ('scored', 'diverged', 'failed', 'cancelled')),
  subnetwork   TEXT NOT NULL,                      -- the skipped indices, such as 2,5,7, or - for none
  loss         REAL,
  reward       REAL,                               -- exp(-loss); null unless scored
  milliseconds REAL NOT NULL,
  mode         TEXT NOT NULL CHECK (mode IN ('eval', 'train')),
  batch        TEXT NOT NULL,
  problem      TEXT,
  UNIQUE (run_id, round, candidate),
  FOREIGN KEY (run_id, round) REFERENCES round ON DELETE CASCADE,
  CHECK ((outcome = 'scored') = (loss IS NOT NULL AND reward IS NOT NULL))
);

-- The skipped modules of evaluation.subnetwork, one a row.
CREATE TABLE evaluation_skip (
  evaluation_id INTEGER NOT NULL REFERENCES evaluation ON DELETE CASCADE,
  module        INTEGER NOT NULL,
  PRIMARY KEY (evaluation_id, module)
) WITHOUT ROWID;

-- A module's gate once the controller has learnt from a round: high means redundant.
CREATE TABLE gate (
  run_id      INTEGER NOT NULL,
  round       INTEGER NOT NULL,
  module      INTEGER NOT NULL,
  gate        REAL NOT NULL,
  probability REAL NOT NULL,                       -- how likely the module is drawn next
  PRIMARY KEY (run_id, round, module),
  FOREIGN KEY (run_id, round) REFERENCES round ON DELETE CASCADE
) WITHOUT ROWID;

-- A point of a curve, such as train.loss, or a final figure, such as test.accuracy.
CREATE TABLE metric (
  run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  name        TEXT NOT NULL,
  step        INTEGER NOT NULL,
  value       REAL,                                -- null where it was infinite or no number
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (run_id, name, step)
) WITHOUT ROWID;

-- A skip plan that came of the run, before and after it was trained.
CREATE TABLE plan (
  id          INTEGER PRIMARY KEY,
  run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  subnetwork  TEXT NOT NULL,
  trained     INTEGER NOT NULL CHECK (trained IN (0, 1)),
  json        TEXT NOT NULL,                       -- plan.json
  sha256      TEXT NOT NULL,                       -- of json
  recorded_at TEXT NOT NULL,
  UNIQUE (run_id, sha256)
);

-- What an evaluation counts for: its reward, 0 where it diverged or failed; cancelled ones count for nothing. The views
-- below average this, as the controllers do.
CREATE VIEW v_credit AS
SELECT id, run_id, round, candidate, subnetwork, outcome, loss,
       CASE outcome WHEN 'scored' THEN reward ELSE 0.0 END AS reward
FROM evaluation
WHERE outcome <> 'cancelled';

-- One row a run and module: mean reward with the module skipped and kept, their difference (positive: better without
-- the module) and its standard error (Welch: variances need not be equal), the gate and probability after the last
-- round. Deviations from the run's first reward are squared, not rewards, so that nearly equal rewards keep their digits.
-- Written so that a condition on run_id reaches the tables: one run is read without the others.
CREATE VIEW v_layer_rewards AS
WITH
  deviation AS (
    SELECT m.run_id, m.module, m.name, m.kind, m.stream, e.id, s.module IS NOT NULL AS is_skipped,
           coalesce(f.reward, 0.0) AS first,
           CASE e.outcome WHEN 'scored' THEN e.reward ELSE 0.0 END - coalesce(f.reward, 0.0) AS d
    FROM module AS m
    LEFT JOIN evaluation AS f ON f.run_id = m.run_id AND f.round = 0 AND f.candidate = 0
    LEFT JOIN evaluation AS e ON e.run_id = m.run_id AND e.outcome <> 'cancelled'
    LEFT JOIN evaluation_skip AS s ON s.evaluation_id = e.id AND s.module = m.module),
  parts AS (
    SELECT run_id, module, name, kind, stream, max(first) AS first,
           count(id) FILTER (WHERE is_skipped) AS n1,
           total(d) FILTER (WHERE is_skipped) AS d1,
           total(d * d) FILTER (WHERE is_skipped) AS q1,
           count(id) FILTER (WHERE NOT is_skipped) AS n0,
           total(d) FILTER (WHERE NOT is_skipped) AS d0,
           total(d * d) FILTER (WHERE NOT is_skipped) AS q0
    FROM deviation
    GROUP BY run_id, module)
SELECT
  p.run_id,
  p.module,
  p.name,
  p.kind,
  p.stream,
  p.n1 AS n_skipped,
  p.n0 AS n_kept,
  p.first + p.d1 / nullif(p.n1, 0) AS mean_reward_skipped,
  p.first + p.d0 / nullif(p.n0, 0) AS mean_reward_kept,
  p.d1 / nullif(p.n1, 0) - p.d0 / nullif(p.n0, 0) AS difference,
  CASE WHEN p.n1 > 1 AND p.n0 > 1 THEN sqrt(
    max(p.q1 - p.d1 * p.d1 / p.n1, 0.0) / (p.n1 - 1) / p.n1
    + max(p.q0 - p.d0 * p.d0 / p.n0, 0.0) / (p.n0 - 1) / p.n0) END AS standard_error,
  g.gate,
  g.probability
FROM parts AS p
LEFT JOIN gate AS g ON g.run_id = p.run_id AND g.module = p.module
  AND g.round = (SELECT max(round) FROM round AS r WHERE r.run_id = p.run_id);

-- One row a round: how many candidates, how many of them scored, the mean reward (the controller's baseline) and the best.
CREATE VIEW v_rounds AS
SELECT r.run_id, r.round, r.step, r.epoch,
       (SELECT count(*) FROM evaluation AS e WHERE e.run_id = r.run_id AND e.round = r.round) AS evaluations,
       sum(c.outcome = 'scored') AS scored,
       avg(c.loss) AS mean_loss,
       avg(c.reward) AS mean_reward,
       max(c.reward) AS best_reward,
       r.milliseconds, r.recorded_at
FROM round AS r
LEFT JOIN v_credit AS c ON c.run_id = r.run_id AND c.round = r.round
GROUP BY r.run_id, r.round;

-- One row a run and subnetwork that was scored, diverged or failed: how often, and its rewards.
CREATE VIEW v_subnetworks AS
SELECT run_id, subnetwork, count(*) AS n, avg(reward) AS mean_reward, max(reward) AS best_reward,
       min(round) AS first_round, max(round) AS last_round
FROM v_credit
GROUP BY run_id, subnetwork;
