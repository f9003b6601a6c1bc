-- Schema 6: how long a run was at work, and how sure latencies are.

ALTER TABLE latency ADD COLUMN turns BLOB;                     -- all turns, 32-bit floats, little-endian: of each the full model, nothing skipped, without each module; null from das before schema 6
ALTER TABLE module_latency ADD COLUMN lower_milliseconds REAL; -- where saved_milliseconds lies with a confidence of 95 %; null likewise, or of fewer than 6 turns
ALTER TABLE module_latency ADD COLUMN upper_milliseconds REAL;

ALTER TABLE run ADD COLUMN worked_milliseconds REAL; -- all its processes together, without the pauses between them; null in runs that das before schema 6 began
