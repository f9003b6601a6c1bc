-- Schema 7: layers that attend to another stream, as METER's do. SQLite widens a check in its text alone; making and dropping a table
-- tells other programs to read it again.

PRAGMA writable_schema = ON;
UPDATE sqlite_schema
   SET sql = replace(sql, '''feed-forward'')', '''feed-forward'', ''cross-layer'', ''cross-attention'')')
 WHERE type = 'table' AND name = 'module';
PRAGMA writable_schema = RESET;

CREATE TABLE schema_7 (read_again INTEGER);
DROP TABLE schema_7;
