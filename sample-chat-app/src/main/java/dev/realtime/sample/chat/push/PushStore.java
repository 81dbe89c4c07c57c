package dev.realtime.sample.chat.push;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The browsers of each user, in the database, where the rooms are too: all nodes see
 * them, and a restart loses none. The tables are in {@code schema.sql}. Safe for any
 * number of threads and nodes without a transaction: each step is one statement.
 */
@Component
class PushStore {

	private final JdbcClient jdbc;

	private final PushProperties properties;

	PushStore(JdbcClient jdbc, PushProperties properties) {
		this.jdbc = jdbc;
		this.properties = properties;
	}

	/**
	 * Registers a browser, or notes that it was seen. One that is known goes to the user
	 * who logs in there now, if the keys are the same: only that browser has them.
	 */
	Outcome put(String user, Subscription subscription) {
		if (!seen(user, subscription)) {
			int known = this.jdbc.sql("select count(*) from push_subscription").query(Integer.class).single();
			if (known >= this.properties.total()) {
				return Outcome.FULL;
			}
			if (!inserted(user, subscription)) {
				return Outcome.OTHER_KEYS;
			}
		}
		this.jdbc.sql("delete from push_subscription where user_name = ? and endpoint not in ("
				+ "select endpoint from push_subscription where user_name = ? order by seen desc, endpoint limit ?)")
			.params(user, user, this.properties.perUser())
			.update();
		return Outcome.REGISTERED;
	}

	/** The user's browsers, the last seen first. */
	List<Subscription> subscriptionsOf(String user) {
		return this.jdbc
			.sql("select endpoint, p256dh, auth from push_subscription where user_name = ? order by seen desc limit ?")
			.params(user, this.properties.perUser())
			.query((row, number) -> new Subscription(URI.create(row.getString(1)), row.getString(2), row.getString(3)))
			.list();
	}

	void remove(String user, String endpoint) {
		this.jdbc.sql("delete from push_subscription where endpoint = ? and user_name = ?")
			.params(endpoint, user)
			.update();
	}

	/** Removes a browser that has gone, of any user. */
	void remove(Subscription gone) {
		this.jdbc.sql("delete from push_subscription where endpoint = ?").params(gone.endpoint().toString()).update();
	}

	/** The keys for development that the fleet has: these, if it has none yet. */
	VapidKeys keysUnless(VapidKeys made) {
		try {
			this.jdbc.sql("insert into push_keys (id, public_key, private_key) values (1, ?, ?)")
				.params(made.publicKey(), made.privateKey())
				.update();
		}
		catch (DuplicateKeyException ex) {
			// Another node, or an earlier start, has made some.
		}
		return this.jdbc.sql("select public_key, private_key from push_keys where id = 1")
			.query((row, number) -> new VapidKeys(row.getString(1), row.getString(2)))
			.single();
	}

	private boolean seen(String user, Subscription subscription) {
		return this.jdbc
			.sql("update push_subscription set user_name = ?, seen = ? where endpoint = ? and p256dh = ? and auth = ?")
			.params(user, now(), subscription.endpoint().toString(), subscription.p256dh(), subscription.auth())
			.update() == 1;
	}

	private boolean inserted(String user, Subscription subscription) {
		try {
			this.jdbc
				.sql("insert into push_subscription (user_name, seen, endpoint, p256dh, auth) values (?, ?, ?, ?, ?)")
				.params(user, now(), subscription.endpoint().toString(), subscription.p256dh(), subscription.auth())
				.update();
			return true;
		}
		catch (DuplicateKeyException ex) {
			// Known with other keys, or the same browser was faster on another
			// connection.
			return seen(user, subscription);
		}
	}

	/** Fine enough for an order of what one user does. */
	private static long now() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

	/** What became of a registration. */
	enum Outcome {

		REGISTERED,

		/** The browser is known with other keys: it is another one. */
		OTHER_KEYS,

		/** There are too many. */
		FULL

	}

}
