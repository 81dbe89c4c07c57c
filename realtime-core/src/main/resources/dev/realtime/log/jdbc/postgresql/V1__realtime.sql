-- A topic's numbering, and what is known of its messages. One row a topic. Numbering by the log locks it until
-- the commit, so that numbers become visible in order; with another numbering last_seq ends before the first number that
-- is not settled. Times are milliseconds since 1970, 0 = none. Half of each page stays free, so that an
-- update finds room beside the old row and touches no index.
CREATE TABLE IF NOT EXISTS realtime_topic (
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	epoch VARCHAR(32) COLLATE "C" NOT NULL,
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
) WITH (fillfactor = 50);

CREATE INDEX IF NOT EXISTS realtime_topic_sweep ON realtime_topic (sweep_at);

-- The messages. Texts are escaped (\\ and \u0000 for what a database may refuse); headers are one JSON object, in order.
-- The primary key also serves retention by age: the oldest of a topic come first. expires_at is 0 for none, and 1 where
-- the row is no message but says that its number is void.
CREATE TABLE IF NOT EXISTS realtime_message (
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	epoch VARCHAR(32) COLLATE "C" NOT NULL,
	seq BIGINT NOT NULL,
	message_id VARCHAR(768),
	published_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	excluded_session TEXT,
	content_type TEXT NOT NULL,
	type TEXT,
	headers TEXT,
	payload BYTEA NOT NULL,
	-- the user who says it, and how many messages they have on the topic up to this one
	sender VARCHAR(1530) COLLATE "C",
	sender_count BIGINT DEFAULT 0 NOT NULL,
	PRIMARY KEY (topic, epoch, seq)
);

CREATE INDEX IF NOT EXISTS realtime_message_sender ON realtime_message (topic, epoch, sender, seq) WHERE sender IS NOT NULL;

-- Ids that were published, each until it may be used again.
CREATE TABLE IF NOT EXISTS realtime_idempotency (
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	message_id VARCHAR(768) COLLATE "C" NOT NULL,
	epoch VARCHAR(32) COLLATE "C" NOT NULL,
	seq BIGINT NOT NULL,
	published_at BIGINT NOT NULL,
	remembered_until BIGINT NOT NULL,
	PRIMARY KEY (topic, message_id)
);

CREATE INDEX IF NOT EXISTS realtime_idempotency_until ON realtime_idempotency (remembered_until);

-- Messages that are stored and not yet known to be announced.
CREATE TABLE IF NOT EXISTS realtime_outbox (
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	epoch VARCHAR(32) COLLATE "C" NOT NULL,
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
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	epoch VARCHAR(32) COLLATE "C",
	seq BIGINT,
	message_id VARCHAR(768),
	time_to_live BIGINT,
	excluded_session TEXT,
	content_type TEXT,
	type TEXT,
	headers TEXT,
	payload BYTEA,
	sender VARCHAR(1530),
	PRIMARY KEY (id)
);

CREATE INDEX IF NOT EXISTS realtime_dead_letter_died ON realtime_dead_letter (died_at);

-- Numbers that carry no message, in runs: from seq through the number in its column, with how many voids come before.
-- They go when the messages around them are trimmed.
CREATE TABLE IF NOT EXISTS realtime_void (
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	epoch VARCHAR(32) COLLATE "C" NOT NULL,
	seq BIGINT NOT NULL,
	through BIGINT NOT NULL,
	voids_before BIGINT NOT NULL,
	PRIMARY KEY (topic, epoch, seq)
);

-- How far each user has read, with how many of the user's own messages and how many voids there are up to there; and how
-- many own messages there are in all, which publishing counts. All of it is about one epoch. User names are escaped.
CREATE TABLE IF NOT EXISTS realtime_read (
	user_name VARCHAR(1530) COLLATE "C" NOT NULL,
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	epoch VARCHAR(32) COLLATE "C" NOT NULL,
	read_seq BIGINT NOT NULL,
	read_own BIGINT NOT NULL,
	read_voids BIGINT NOT NULL,
	own BIGINT NOT NULL,
	PRIMARY KEY (user_name, topic)
) WITH (fillfactor = 70);

-- How often any of a user's read positions has moved, so that other nodes see that one has.
CREATE TABLE IF NOT EXISTS realtime_reader (
	user_name VARCHAR(1530) COLLATE "C" NOT NULL,
	moves BIGINT NOT NULL,
	PRIMARY KEY (user_name)
) WITH (fillfactor = 70);

-- The nodes of a fleet, each of which raises its number again and again, and whether it reaches the relay (1) or not (0).
CREATE TABLE IF NOT EXISTS realtime_node (
	node VARCHAR(128) COLLATE "C" NOT NULL,
	beats BIGINT NOT NULL,
	reaches SMALLINT NOT NULL,
	PRIMARY KEY (node)
) WITH (fillfactor = 50);

-- What nodes tell each other without a log, for those that cannot LISTEN, such as behind PgBouncer in transaction mode. Only
-- written while one of them is there. A crash of the server empties it, as it ends what would be on its way.
CREATE UNLOGGED TABLE IF NOT EXISTS realtime_relay (
	id BIGSERIAL,
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT clock_timestamp(),
	payload TEXT NOT NULL,
	PRIMARY KEY (id)
);

CREATE INDEX IF NOT EXISTS realtime_relay_sent ON realtime_relay (sent_at);

-- The nodes that read that table, each until it says so again.
CREATE UNLOGGED TABLE IF NOT EXISTS realtime_relay_reader (
	node VARCHAR(64) COLLATE "C" NOT NULL,
	reads_until TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (node)
);

-- Presence without Redis. Times are milliseconds since 1970 by the database's clock, 0 = none. A node's row is one life of its
-- lease: once it is dead no connection is entered under its name again.
CREATE TABLE IF NOT EXISTS realtime_presence_node (
	node VARCHAR(128) COLLATE "C" NOT NULL,
	lease_until BIGINT NOT NULL,
	dead BOOLEAN NOT NULL DEFAULT FALSE,
	PRIMARY KEY (node)
);

-- A topic with members; every change locks its row. due_at is when any node must look here: a grace ends, a number of members is to
-- be published, or a node has died.
CREATE TABLE IF NOT EXISTS realtime_presence (
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	members BIGINT NOT NULL,
	untold BOOLEAN NOT NULL,
	count_at BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	PRIMARY KEY (topic)
) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS realtime_presence_due ON realtime_presence (due_at) WHERE due_at > 0;

-- The members. leaving_at is the end of the grace of one without a connection. User names are escaped.
CREATE TABLE IF NOT EXISTS realtime_presence_member (
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	user_name VARCHAR(1530) COLLATE "C" NOT NULL,
	leaving_at BIGINT NOT NULL,
	PRIMARY KEY (topic, user_name)
) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS realtime_presence_leaving ON realtime_presence_member (topic, leaving_at) WHERE leaving_at > 0;

-- On how many connections of a node a member is there; never 0.
CREATE TABLE IF NOT EXISTS realtime_presence_connection (
	topic VARCHAR(320) COLLATE "C" NOT NULL,
	user_name VARCHAR(1530) COLLATE "C" NOT NULL,
	node VARCHAR(128) COLLATE "C" NOT NULL,
	connections INTEGER NOT NULL,
	PRIMARY KEY (topic, user_name, node)
) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS realtime_presence_connection_node ON realtime_presence_connection (node, topic);

-- Blocks, revocations and recent commands about sessions, without Redis. One row has the list's epoch and counts its changes.
CREATE TABLE IF NOT EXISTS realtime_restriction_list (
	id INTEGER NOT NULL,
	epoch VARCHAR(32) COLLATE "C" NOT NULL,
	changes BIGINT NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS realtime_restriction (
	restriction_key VARCHAR(3072) COLLATE "C" NOT NULL,
	detail VARCHAR(1530) NOT NULL,
	ends_at BIGINT NOT NULL,
	changed_with BIGINT NOT NULL,
	PRIMARY KEY (restriction_key)
);

-- Tickets without Redis: the user of each until it is taken, then nothing until its time is over.
CREATE TABLE IF NOT EXISTS realtime_ticket (
	digest VARCHAR(128) COLLATE "C" NOT NULL,
	ticket_user TEXT,
	ends_at BIGINT NOT NULL,
	PRIMARY KEY (digest)
);

CREATE INDEX IF NOT EXISTS realtime_ticket_ends ON realtime_ticket (ends_at);

-- What all nodes without Redis must agree on: the relay, and the one that the fleet is moving from.
CREATE TABLE IF NOT EXISTS realtime_fleet (
	id INTEGER NOT NULL,
	relay VARCHAR(64) COLLATE "C" NOT NULL,
	moving_from VARCHAR(64) COLLATE "C",
	PRIMARY KEY (id)
);
