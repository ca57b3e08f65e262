-- The record every answer leaves. No foreign keys: a receipt outlives what it names.

CREATE TABLE receipts (
    id text PRIMARY KEY,
    at timestamptz NOT NULL,
    user_id text NOT NULL,
    question text NOT NULL,
    readers text[] NOT NULL,
    hits text[] NOT NULL,
    documents text[] NOT NULL,
    versions jsonb NOT NULL,
    answer jsonb,
    latency_ms integer,
    cited text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX receipts_newest_first ON receipts (user_id, at DESC, id DESC);
CREATE INDEX receipts_by_cited ON receipts USING gin (cited);

-- An answer with the sources' own words and numbers taken out of the citations of some documents.
CREATE FUNCTION without_quotes(answer jsonb, gone text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(
        field.key,
        CASE WHEN field.key IN ('citations', 'nearest') THEN (
            SELECT coalesce(
                jsonb_agg(
                    CASE WHEN item.value->>'document' = ANY(gone)
                         THEN item.value || '{"quote": "", "values": []}'
                         ELSE item.value END
                    ORDER BY item.place
                ),
                '[]'
            )
            FROM jsonb_array_elements(field.value) WITH ORDINALITY AS item(value, place)
        ) ELSE field.value END
    )
    FROM jsonb_each(answer) AS field
$$;
