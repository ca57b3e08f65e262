-- People, their groups, and the hashes of what they prove themselves with.

CREATE TABLE users (
    id text PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('member', 'admin')),
    password_hash text NOT NULL,
    added timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_by_name ON users (lower(name));

CREATE TABLE groups (
    id text PRIMARY KEY,
    name text NOT NULL
);
CREATE UNIQUE INDEX groups_by_name ON groups (lower(name));

CREATE TABLE memberships (
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    group_id text NOT NULL REFERENCES groups ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_id)
);
CREATE INDEX memberships_by_group ON memberships (group_id);

CREATE TABLE tokens (
    id text PRIMARY KEY,
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL,
    secret_hash text NOT NULL UNIQUE,
    expires timestamptz,
    added timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tokens_by_user ON tokens (user_id);

CREATE TABLE sessions (
    secret_hash text PRIMARY KEY,
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    expires timestamptz NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE VIEW principals AS
    SELECT users.*,
           ARRAY(SELECT group_id FROM memberships WHERE user_id = users.id) AS member_of
    FROM users;
