-- Files inside files: which document lies in which, and who reads one because they read the other.

CREATE TABLE members (
    parent text NOT NULL REFERENCES documents ON DELETE CASCADE,
    child text NOT NULL REFERENCES documents ON DELETE CASCADE,
    -- Its path inside, by which a newer version of the container replaces it.
    name text NOT NULL,
    PRIMARY KEY (parent, child),
    CHECK (parent <> child)
);
CREATE INDEX members_by_child ON members (child);

-- A reader is let in by the document itself (via = '') or by a container that it lies in. A
-- document that nobody added on its own has no grant of its own.
ALTER TABLE grants ADD COLUMN via text NOT NULL DEFAULT '';
ALTER TABLE grants DROP CONSTRAINT grants_pkey;
ALTER TABLE grants ADD PRIMARY KEY (document, reader, via);
CREATE INDEX grants_by_container ON grants (via) WHERE via <> '';

DROP VIEW entries;
CREATE VIEW entries AS
    SELECT documents.*,
           ARRAY(SELECT DISTINCT reader FROM grants WHERE grants.document = documents.id) AS readers,
           (SELECT m.parent FROM members m JOIN documents p ON p.id = m.parent
            WHERE m.child = documents.id AND NOT EXISTS
                (SELECT FROM grants g WHERE g.document = documents.id AND g.via = '')
            ORDER BY p.state = 'superseded', p.added, p.id LIMIT 1) AS parent
    FROM documents;
