-- Schema 5: what the controller would choose once it has learnt from a round.

ALTER TABLE round ADD COLUMN recommended TEXT;     -- the skipped indices, such as 2,5,7, or - for none; null in rounds of das before schema 5
