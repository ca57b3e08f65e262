-- What people and API keys have used of the models, by the minute, for their budgets.

CREATE TABLE usage_counts (
    subject text NOT NULL,
    minute timestamptz NOT NULL,
    requests integer NOT NULL DEFAULT 0,
    tokens bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (subject, minute)
);
