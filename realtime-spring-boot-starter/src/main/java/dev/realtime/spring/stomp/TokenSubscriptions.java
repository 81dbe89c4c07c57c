package dev.realtime.spring.stomp;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.connection.Connection;
import dev.realtime.loop.Loop;
import dev.realtime.spring.security.SubscriptionGrant;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that a token has granted, until they end or it expires. Nothing is
 * kept for others. Safe for any number of threads.
 */
final class TokenSubscriptions {

	/** Later ones end then, too. */
	private static final Duration LONGEST = Duration.ofDays(365);

	private final PerConnection<Map<String, Held>> byConnection = new PerConnection<>(ConcurrentHashMap::new,
			TokenSubscriptions::cancelAll);

	private final Loop loop;

	private volatile @Nullable RevokedSubscriptions ender;

	/**
	 * Makes it.
	 * @param loop runs what ends subscriptions, which may call the application
	 */
	TokenSubscriptions(Loop loop) {
		this.loop = loop;
	}

	void endWith(RevokedSubscriptions ender) {
		this.ender = ender;
	}

	/**
	 * Keeps the grant of a subscription, which ends when the token expires.
	 * @param sender who has subscribed
	 */
	void hold(Sender sender, String id, SubscriptionGrant grant) {
		Connection connection = sender.connection();
		Map<String, Held> held = this.byConnection.of(connection);
		Duration left = Duration.between(Instant.now(), grant.expiresAt());
		Duration after = (left.compareTo(LONGEST) > 0) ? LONGEST : left.isNegative() ? Duration.ZERO : left;
		Held each = new Held(grant);
		held.put(id, each);
		each.delayed = this.loop.after(after, () -> {
			if (held.remove(id, each)) {
				expire(sender, id);
			}
		});
		if (connection.isGone()) {
			cancelAll(held);
		}
	}

	private void expire(Sender sender, String id) {
		RevokedSubscriptions known = this.ender;
		Map<String, Object> attributes = sender.attributes();
		if (known != null) {
			known.expire(sender.connection(), (attributes != null) ? attributes : new ConcurrentHashMap<>(),
					sender.user(), id);
		}
	}

	/** Returns what a token has granted to the subscription, or null. */
	@Nullable SubscriptionGrant find(String sessionId, String id) {
		Map<String, Held> held = this.byConnection.find(sessionId);
		Held each = (held != null) ? held.get(id) : null;
		return (each != null) ? each.grant : null;
	}

	/** The subscription has ended. */
	void release(String sessionId, String id) {
		Map<String, Held> held = this.byConnection.find(sessionId);
		Held each = (held != null) ? held.remove(id) : null;
		if (each != null) {
			each.cancel();
		}
	}

	private static void cancelAll(Map<String, Held> held) {
		held.values().forEach(Held::cancel);
		held.clear();
	}

	/** Compared by identity: a later subscription may have the same id. */
	private static final class Held {

		private final SubscriptionGrant grant;

		private volatile Loop.@Nullable Delayed delayed;

		Held(SubscriptionGrant grant) {
			this.grant = grant;
		}

		void cancel() {
			Loop.Delayed known = this.delayed;
			if (known != null) {
				known.cancel();
			}
		}

	}

}
