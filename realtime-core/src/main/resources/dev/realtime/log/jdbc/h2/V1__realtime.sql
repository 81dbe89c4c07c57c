-- A topic's numbering, and what is known of its messages. One row a topic. Numbering by the log locks it until
-- the commit, so that numbers become visible in order; with another numbering last_seq ends before the first number that
-- is not settled. Times are milliseconds since 1970, 0 = none. Topics,
-- ids and users differ in case also where the database has IGNORECASE.
CREATE TABLE IF NOT EXISTS realtime_topic (
	topic VARCHAR_CASESENSITIVE(320) NOT NULL,
	epoch VARCHAR(32) NOT NULL,
	last_seq BIGINT NOT NULL,
	-- the lowest number that may still be kept: what is lower was trimmed
	first_seq BIGINT NOT NULL,
	-- how many messages are kept, and when the first of them was published
	kept BIGINT NOT NULL,
	first_at BIGINT NOT NULL,
	-- when the history is over if nothing more is published
	expires_at BIGINT NOT NULL,
	-- when to look whether it is; moved seldom, because it is indexed
	sweep_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	-- how long messages are kept, as the last publisher said
	history BIGINT NOT NULL DEFAULT 86400000,
	-- how many numbers carry no message
	voids BIGINT DEFAULT 0 NOT NULL,
	PRIMARY KEY (topic)
);

CREATE INDEX IF NOT EXISTS realtime_topic_sweep ON realtime_topic (sweep_at);

-- The messages. Texts are escaped (\\ and \u0000 for what a database may refuse); headers are one JSON object, in order.
-- The primary key also serves retention by age: the oldest of a topic come first. expires_at is 0 for none, and 1 where
-- the row is no message but says that its number is void.
CREATE TABLE IF NOT EXISTS realtime_message (
	topic VARCHAR_CASESENSITIVE(320) NOT NULL,
	epoch VARCHAR(32) NOT NULL,
	seq BIGINT NOT NULL,
	message_id VARCHAR_CASESENSITIVE(768),
	published_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	excluded_session VARCHAR,
	content_type VARCHAR NOT NULL,
	type VARCHAR,
	headers VARCHAR,
	payload BLOB NOT NULL,
	-- the user who says it, and how many messages they have on the topic up to this one
	sender VARCHAR_CASESENSITIVE(1530),
	sender_count BIGINT DEFAULT 0 NOT NULL,
	PRIMARY KEY (topic, epoch, seq)
);

CREATE INDEX IF NOT EXISTS realtime_message_sender ON realtime_message (topic, epoch, sender, seq);

-- Ids that were published, each until it may be used again.
CREATE TABLE IF NOT EXISTS realtime_idempotency (
	topic VARCHAR_CASESENSITIVE(320) NOT NULL,
	message_id VARCHAR_CASESENSITIVE(768) NOT NULL,
	epoch VARCHAR(32) NOT NULL,
	seq BIGINT NOT NULL,
	published_at BIGINT NOT NULL,
	remembered_until BIGINT NOT NULL,
	PRIMARY KEY (topic, message_id)
);

CREATE INDEX IF NOT EXISTS realtime_idempotency_until ON realtime_idempotency (remembered_until);

-- Messages that are stored and not yet known to be announced.
CREATE TABLE IF NOT EXISTS realtime_outbox (
	topic VARCHAR_CASESENSITIVE(320) NOT NULL,
	epoch VARCHAR(32) NOT NULL,
	seq BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	attempts INTEGER NOT NULL,
	last_error VARCHAR(500),
	PRIMARY KEY (topic, epoch, seq)
);

CREATE INDEX IF NOT EXISTS realtime_outbox_created ON realtime_outbox (created_at);

-- What was given up, for somebody to look at: a publication that could not be stored (the whole of it), or a message that
-- could not be announced (epoch and seq, where the log keeps it).
CREATE TABLE IF NOT EXISTS realtime_dead_letter (
	id VARCHAR(36) NOT NULL,
	died_at BIGINT NOT NULL,
	attempts INTEGER NOT NULL,
	error VARCHAR(1000) NOT NULL,
	topic VARCHAR_CASESENSITIVE(320) NOT NULL,
	epoch VARCHAR(32),
	seq BIGINT,
	message_id VARCHAR_CASESENSITIVE(768),
	time_to_live BIGINT,
	excluded_session VARCHAR,
	content_type VARCHAR,
	type VARCHAR,
	headers VARCHAR,
	payload BLOB,
	sender VARCHAR_CASESENSITIVE(1530),
	PRIMARY KEY (id)
);

CREATE INDEX IF NOT EXISTS realtime_dead_letter_died ON realtime_dead_letter (died_at);

-- Numbers that carry no message, in runs: from seq through the number in its column, with how many voids come before.
-- They go when the messages around them are trimmed.
CREATE TABLE IF NOT EXISTS realtime_void (
	topic VARCHAR_CASESENSITIVE(320) NOT NULL,
	epoch VARCHAR(32) NOT NULL,
	seq BIGINT NOT NULL,
	through BIGINT NOT NULL,
	voids_before BIGINT NOT NULL,
	PRIMARY KEY (topic, epoch, seq)
);

-- How far each user has read, with how many of the user's own messages and how many voids there are up to there; and how
-- many own messages there are in all, which publishing counts. All of it is about one epoch. User names are escaped.
CREATE TABLE IF NOT EXISTS realtime_read (
	user_name VARCHAR_CASESENSITIVE(1530) NOT NULL,
	topic VARCHAR_CASESENSITIVE(320) NOT NULL,
	epoch VARCHAR(32) NOT NULL,
	read_seq BIGINT NOT NULL,
	read_own BIGINT NOT NULL,
	read_voids BIGINT NOT NULL,
	own BIGINT NOT NULL,
	PRIMARY KEY (user_name, topic)
);

-- How often any of a user's read positions has moved, so that other nodes see that one has.
CREATE TABLE IF NOT EXISTS realtime_reader (
	user_name VARCHAR_CASESENSITIVE(1530) NOT NULL,
	moves BIGINT NOT NULL,
	PRIMARY KEY (user_name)
);

-- The nodes of a fleet, each of which raises its number again and again, and whether it reaches the relay (1) or not (0).
CREATE TABLE IF NOT EXISTS realtime_node (
	node VARCHAR_CASESENSITIVE(128) NOT NULL,
	beats BIGINT NOT NULL,
	reaches SMALLINT NOT NULL,
	PRIMARY KEY (node)
);
