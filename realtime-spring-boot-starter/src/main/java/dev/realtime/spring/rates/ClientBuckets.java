package dev.realtime.spring.rates;

import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import dev.realtime.spring.RatesProperties;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Asks the buckets of a client's connection, user and address, and counts refusals: a
 * client that is refused too often is not let in for a while. Of the three, those that
 * are not known are null. Safe for any number of threads.
 */
final class ClientBuckets {

	private final RatesProperties properties;

	private final SharedBuckets users;

	private final SharedBuckets addresses;

	ClientBuckets(RatesProperties properties, TimeMeter clock) {
		this.properties = properties;
		this.users = new SharedBuckets(new RateTable(properties, properties.userFactor(),
				SynchronizationStrategy.LOCK_FREE, clock, properties.fleetWide()), properties.tracked());
		this.addresses = new SharedBuckets(
				new RateTable(properties, properties.addressFactor(), SynchronizationStrategy.LOCK_FREE, clock, false),
				properties.tracked());
	}

	/**
	 * Takes tokens from all buckets, or from none.
	 * @throws RateLimitedException if one of them has too few
	 */
	void take(RateKind kind, long tokens, @Nullable Buckets connection, @Nullable String user,
			@Nullable String address) {
		long wait = (connection != null) ? connection.take(kind, tokens) : 0;
		if (wait > 0) {
			throw refused(kind, "connection", wait, connection, user, address);
		}
		Buckets ofUser = (user != null) ? this.users.of(user) : null;
		wait = (ofUser != null) ? ofUser.take(kind, tokens) : 0;
		if (wait > 0) {
			giveBack(kind, tokens, connection);
			throw refused(kind, "user", wait, connection, user, address);
		}
		wait = (address != null) ? this.addresses.of(address).take(kind, tokens) : 0;
		if (wait > 0) {
			giveBack(kind, tokens, connection);
			giveBack(kind, tokens, ofUser);
			throw refused(kind, "address", wait, connection, user, address);
		}
	}

	/** Takes tokens for what has happened already. */
	void owe(RateKind kind, long tokens, Buckets connection, @Nullable String user, @Nullable String address) {
		connection.owe(kind, tokens);
		if (user != null) {
			this.users.of(user).owe(kind, tokens);
		}
		if (address != null) {
			this.addresses.of(address).owe(kind, tokens);
		}
	}

	/**
	 * Checks whether a user or an address was refused too often.
	 * @throws RateLimitedException if it was
	 */
	void checkLetIn(@Nullable String user, @Nullable String address) {
		checkLetIn((user != null) ? this.users.find(user) : null, "user", true);
		checkLetIn((address != null) ? this.addresses.find(address) : null, "address", false);
	}

	/** Whether an address was refused too often. */
	boolean isRefused(String address) {
		Buckets known = this.addresses.find(address);
		return known != null && known.refusedFor() > 0;
	}

	/** A client of the address was refused; returns whether that was too often. */
	boolean countRefusal(@Nullable String address) {
		Buckets ofAddress = (address != null) ? this.addresses.of(address) : null;
		if (!isRefusedTooOften(ofAddress) || ofAddress == null) {
			return false;
		}
		ofAddress.refuse(this.properties.refusalTime().toNanos());
		return true;
	}

	/** Hands over the buckets of each user that has done something lately. */
	void forEachUser(BiConsumer<String, Buckets> consumer) {
		this.users.forEach(consumer);
	}

	void sweep() {
		this.users.sweep();
		this.addresses.sweep();
	}

	int size() {
		return this.users.size() + this.addresses.size();
	}

	/** Others may share an address, so they are told to come back. */
	private static void checkLetIn(@Nullable Buckets buckets, String scope, boolean offender) {
		long left = (buckets != null) ? buckets.refusedFor() : 0;
		if (left > 0) {
			throw new RateLimitedException("This " + scope + " was refused too often; try again in "
					+ TimeUnit.NANOSECONDS.toSeconds(left + 999_999_999) + " s", left, offender);
		}
	}

	private static void giveBack(RateKind kind, long tokens, @Nullable Buckets buckets) {
		if (buckets != null) {
			buckets.giveBack(kind, tokens);
		}
	}

	private RateLimitedException refused(RateKind kind, String scope, long wait, @Nullable Buckets connection,
			@Nullable String user, @Nullable String address) {
		long refusalNanos = this.properties.refusalTime().toNanos();
		boolean offender = isRefusedTooOften(connection);
		Buckets ofUser = (user != null) ? this.users.of(user) : null;
		if (ofUser != null && (isRefusedTooOften(ofUser) || offender)) {
			ofUser.refuse(refusalNanos);
			offender = true;
		}
		// A CONNECT or a request may be another client's.
		offender |= countRefusal(address) && connection != null;
		return new RateLimitedException("Too many " + kind.noun() + " from this " + scope + "; try again later",
				offender ? refusalNanos : wait, offender);
	}

	private static boolean isRefusedTooOften(@Nullable Buckets buckets) {
		return buckets != null && buckets.take(RateKind.REFUSALS, 1) > 0;
	}

}
