-- A question that leans on the one before is kept as it was typed and as it was read.

ALTER TABLE receipts ADD COLUMN reading text NOT NULL DEFAULT '';
