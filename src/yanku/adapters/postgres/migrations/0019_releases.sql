-- Releases of model versions. A turn is never changed; the last one holds the present state.

CREATE TABLE release_turns (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    stable text NOT NULL,
    candidate text NOT NULL,
    previous text NOT NULL,
    weight double precision NOT NULL CHECK (weight BETWEEN 0 AND 1),
    shadow double precision NOT NULL CHECK (shadow BETWEEN 0 AND 1),
    release text NOT NULL,
    who text NOT NULL DEFAULT '',
    why text NOT NULL DEFAULT '',
    breach jsonb
);

CREATE FUNCTION release_turns_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of releases is not changed';
END;
$$;
CREATE TRIGGER release_turns_stay BEFORE UPDATE OR DELETE ON release_turns
    FOR EACH ROW EXECUTE FUNCTION release_turns_stay();

-- What both versions did, by turn, block and ten seconds. Times are sums in milliseconds.
CREATE TABLE release_counts (
    release text NOT NULL,
    turn bigint NOT NULL,
    block integer NOT NULL,
    at timestamptz NOT NULL,
    candidate boolean NOT NULL,
    requests bigint NOT NULL DEFAULT 0,
    failures bigint NOT NULL DEFAULT 0,
    firsts bigint NOT NULL DEFAULT 0,
    slow_firsts bigint NOT NULL DEFAULT 0,
    wholes bigint NOT NULL DEFAULT 0,
    slow_wholes bigint NOT NULL DEFAULT 0,
    judged bigint NOT NULL DEFAULT 0,
    declined bigint NOT NULL DEFAULT 0,
    uncited bigint NOT NULL DEFAULT 0,
    withheld bigint NOT NULL DEFAULT 0,
    began bigint NOT NULL DEFAULT 0,
    first_ms bigint NOT NULL DEFAULT 0,
    ended bigint NOT NULL DEFAULT 0,
    whole_ms bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (release, turn, block, at, candidate)
);

-- How two versions answered one question; no text of either.
CREATE TABLE release_pairs (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release text NOT NULL,
    receipt text NOT NULL,
    at timestamptz NOT NULL,
    pair jsonb NOT NULL
);
CREATE INDEX release_pairs_by_release ON release_pairs (release, n);
