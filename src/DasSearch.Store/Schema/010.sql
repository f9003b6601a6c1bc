-- Schema 10: what a method trains of a module's own parameters, such as its norms.

ALTER TABLE module ADD COLUMN trained_parameters INTEGER NOT NULL DEFAULT 0; -- where it is kept, without what is attached to it; 0 of runs before, whatever they trained
