-- How long reading a document took, and what was seen in it page by page.

ALTER TABLE documents ADD COLUMN read_s double precision NOT NULL DEFAULT 0;

-- A view keeps the columns it was made with.
DROP VIEW entries;
CREATE VIEW entries AS
    SELECT documents.*,
           ARRAY(SELECT reader FROM grants WHERE grants.document = documents.id) AS readers
    FROM documents;

-- What the parser saw on one page or sheet, in the form of ``parsed``, so that a screen loads no
-- more than it shows. A document of one part has none: the whole is the part.
CREATE TABLE parts (
    document text NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal integer NOT NULL,
    page integer,
    sheet text,
    body bytea NOT NULL,
    PRIMARY KEY (document, ordinal),
    CHECK ((page IS NULL) <> (sheet IS NULL))
);
CREATE INDEX parts_by_page ON parts (document, page);
ALTER TABLE parts ALTER COLUMN body SET STORAGE EXTERNAL;
