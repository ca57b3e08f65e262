-- Documents, who may read them, and what was read in them.

CREATE TABLE documents (
    id text PRIMARY KEY,
    series text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    name text NOT NULL,
    digest text NOT NULL,
    size bigint NOT NULL,
    media_type text NOT NULL,
    owner text NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'parsing', 'live', 'failed', 'superseded')),
    added timestamptz NOT NULL,
    source text NOT NULL,
    profile jsonb NOT NULL,
    published date,
    pages_done integer NOT NULL DEFAULT 0,
    page_count integer NOT NULL DEFAULT 0,
    vectors_done integer NOT NULL DEFAULT 0,
    chunk_count integer NOT NULL DEFAULT 0,
    flaws jsonb NOT NULL DEFAULT '[]',
    failure_code text,
    failure_message text,
    UNIQUE (series, version)
);
CREATE INDEX documents_newest_first ON documents (added DESC, id DESC);
-- Old or new, never both.
CREATE UNIQUE INDEX documents_one_live_version ON documents (series) WHERE state = 'live';

-- Readers are keys such as u:<user> and g:<group>.
CREATE TABLE grants (
    document text NOT NULL REFERENCES documents ON DELETE CASCADE,
    reader text NOT NULL,
    PRIMARY KEY (document, reader)
);
CREATE INDEX grants_by_reader ON grants (reader, document);

CREATE VIEW entries AS
    SELECT documents.*,
           ARRAY(SELECT reader FROM grants WHERE grants.document = documents.id) AS readers
    FROM documents;

-- What the parser saw: compressed JSON, written and read whole.
CREATE TABLE parsed (
    document text PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    body bytea NOT NULL
);
ALTER TABLE parsed ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE pages (
    document text NOT NULL REFERENCES documents ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    width double precision NOT NULL,
    height double precision NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (document, number)
);

CREATE TABLE chunks (
    id text PRIMARY KEY,
    document text NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal integer NOT NULL,
    context text NOT NULL,
    text text NOT NULL,
    place jsonb NOT NULL,
    lines jsonb NOT NULL,
    indexed boolean NOT NULL DEFAULT false,
    UNIQUE (document, ordinal)
);
CREATE INDEX chunks_unindexed ON chunks (document, ordinal) WHERE NOT indexed;

CREATE TABLE facts (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    document text NOT NULL REFERENCES documents ON DELETE CASCADE,
    company_code text NOT NULL,
    company_name text NOT NULL,
    company_aliases jsonb NOT NULL,
    metric text NOT NULL,
    label text NOT NULL,
    period_start date,
    period_end date NOT NULL,
    consolidation text NOT NULL,
    statement text NOT NULL,
    value numeric NOT NULL,
    unit text NOT NULL,
    place jsonb NOT NULL,
    column_header text NOT NULL,
    restated boolean NOT NULL,
    checks jsonb NOT NULL
);
CREATE INDEX facts_by_question ON facts (company_code, metric, period_end);
CREATE INDEX facts_by_metric ON facts (metric, period_end);
CREATE INDEX facts_by_document ON facts (document);

-- Every name under which a document speaks of a company, so that names are known only to readers.
CREATE TABLE companies (
    document text NOT NULL REFERENCES documents ON DELETE CASCADE,
    code text NOT NULL,
    name text NOT NULL,
    mentions integer NOT NULL,
    PRIMARY KEY (document, code, name)
);

-- A document whose work was given up says so; it does not wait for ever.
CREATE FUNCTION parse_given_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents
    SET state = 'failed',
        failure_code = 'gave_up',
        failure_message = 'Reading this document was interrupted or failed several times; the '
            'worker''s log says why. Add the file again to try once more.'
    WHERE id = NEW.args->>'document' AND state IN ('queued', 'parsing');
    RETURN NULL;
END;
$$;
CREATE TRIGGER parse_given_up AFTER UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW
    WHEN (NEW.task_name = 'parse' AND NEW.status IN ('failed', 'aborted', 'cancelled'))
    EXECUTE FUNCTION parse_given_up();
