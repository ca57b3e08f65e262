-- What changed for whom, so that a kept answer is given again only while nothing has.

-- One row a change, and no row is ever updated: those who publish for the same readers do not wait
-- for one another. The sum over a reader grows with every committed change, in whatever order the
-- transactions end; several rows may be folded into one that has their sum.
CREATE TABLE library_changes (
    reader text NOT NULL,
    n bigint NOT NULL DEFAULT 1
);
CREATE INDEX library_changes_by_reader ON library_changes (reader) INCLUDE (n);

CREATE FUNCTION library_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO library_changes (reader)
        SELECT DISTINCT reader FROM grants WHERE document = NEW.id;
    RETURN NULL;
END;
$$;
CREATE TRIGGER library_changed AFTER UPDATE OF state, profile ON documents
    FOR EACH ROW WHEN (OLD.state = 'live' OR NEW.state = 'live')
    EXECUTE FUNCTION library_changed();
-- Vectors change what is found: once they are all there, and when they are all made anew.
CREATE TRIGGER library_vectors_changed AFTER UPDATE OF vectors_done ON documents
    FOR EACH ROW
    WHEN (NEW.state = 'live' AND OLD.vectors_done <> NEW.vectors_done
          AND (NEW.vectors_done = 0 OR NEW.vectors_done >= NEW.chunk_count))
    EXECUTE FUNCTION library_changed();

CREATE FUNCTION library_regranted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO library_changes (reader)
            SELECT NEW.reader FROM documents WHERE id = NEW.document AND state = 'live';
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO library_changes (reader) VALUES (OLD.reader);
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER library_regranted AFTER INSERT OR UPDATE OR DELETE ON grants
    FOR EACH ROW EXECUTE FUNCTION library_regranted();

-- Answers kept to be given again, shared by all servers of this database. Losing them in a crash
-- loses time and nothing else.
CREATE UNLOGGED TABLE kept_answers (
    key text PRIMARY KEY,
    edition text NOT NULL,
    answer jsonb NOT NULL,
    receipt text NOT NULL,
    hits text[] NOT NULL,
    documents text[] NOT NULL,
    uses integer NOT NULL DEFAULT 0,
    used timestamptz NOT NULL DEFAULT now(),
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX kept_answers_by_document ON kept_answers USING gin (documents);
CREATE INDEX kept_answers_to_let_go ON kept_answers (uses, used);

-- A document that goes takes along every answer that rests on it, in the same transaction.
CREATE FUNCTION kept_answers_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM kept_answers WHERE documents @> ARRAY[OLD.id];
    RETURN NULL;
END;
$$;
CREATE TRIGGER kept_answers_go_with_documents AFTER DELETE ON documents
    FOR EACH ROW EXECUTE FUNCTION kept_answers_go();
CREATE TRIGGER kept_answers_go_with_versions AFTER UPDATE OF state ON documents
    FOR EACH ROW WHEN (OLD.state = 'live' AND NEW.state <> 'live')
    EXECUTE FUNCTION kept_answers_go();

-- The receipt that an answer was first given with, if it was given again.
ALTER TABLE receipts ADD COLUMN repeats text NOT NULL DEFAULT '';
