-- What was known when: the stretches of time in which a document was LIVE, and since when it counts
-- as public. What was read in a replaced version is kept from now on.

CREATE TABLE lives (
    document text NOT NULL REFERENCES documents ON DELETE CASCADE,
    since timestamptz NOT NULL,
    until timestamptz,
    PRIMARY KEY (document, since),
    CHECK (until IS NULL OR until >= since)
);
CREATE UNIQUE INDEX lives_open ON lives (document) WHERE until IS NULL;
INSERT INTO lives (document, since) SELECT id, added FROM documents WHERE state = 'live';

ALTER TABLE documents ADD COLUMN public_on date;
UPDATE documents SET public_on = coalesce(published, least(
    (added AT TIME ZONE 'UTC')::date,
    ((profile->'period'->>'end')::date + CASE profile->>'report'
        WHEN 'annual' THEN interval '4 months'
        WHEN 'half_year' THEN interval '3 months'
        WHEN 'q1' THEN interval '2 months'
        WHEN 'q3' THEN interval '2 months'
        ELSE NULL END)::date));

DROP VIEW entries;
CREATE VIEW entries AS
    SELECT documents.*,
           ARRAY(SELECT DISTINCT reader FROM grants WHERE grants.document = documents.id) AS readers,
           (SELECT m.parent FROM members m JOIN documents p ON p.id = m.parent
            WHERE m.child = documents.id AND NOT EXISTS
                (SELECT FROM grants g WHERE g.document = documents.id AND g.via = '')
            ORDER BY p.state = 'superseded', p.added, p.id LIMIT 1) AS parent,
           (SELECT min(since) FROM lives WHERE lives.document = documents.id) AS since,
           (SELECT CASE WHEN bool_and(until IS NOT NULL) THEN max(until) END
            FROM lives WHERE lives.document = documents.id) AS until
    FROM documents;

-- As of when a question was asked: which versions it counted, and public by which day.
ALTER TABLE receipts ADD COLUMN held timestamptz;
ALTER TABLE receipts ADD COLUMN public date;
