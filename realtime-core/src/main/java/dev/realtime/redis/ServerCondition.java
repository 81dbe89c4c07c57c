package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one server, as far as its answers have told: the last refusal, until
 * the same works again. A refusal that lies in the server's state also ends when a probe
 * is answered, and any ends a minute after it was last seen. Safe for any number of
 * threads.
 */
final class ServerCondition {

	private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final byte[] PROBE = ":probe".getBytes(StandardCharsets.US_ASCII);

	private final Environment environment;

	private volatile @Nullable Refusal refusal;

	private volatile @Nullable String away;

	private volatile byte @Nullable [] lastKey;

	ServerCondition(Environment environment) {
		this.environment = environment;
	}

	/** A command or script with this key is about to be sent. */
	void sending(byte[] key) {
		this.lastKey = key;
	}

	/** It was refused. */
	void refused(String what, Throwable failure) {
		if (failure instanceof RedisRefusedException known) {
			this.refusal = new Refusal(what, String.valueOf(known.getMessage()), known.isPermission(),
					this.environment.nanoTime() + KEPT_NANOS);
		}
	}

	/** It was carried out. */
	void succeeded(String what) {
		Refusal known = this.refusal;
		if (known != null && known.what.equals(what)) {
			this.refusal = null;
		}
	}

	/** A write that changes nothing was carried out. */
	void writes() {
		Refusal known = this.refusal;
		if (known != null && !known.permission) {
			this.refusal = null;
		}
	}

	/** The connection is lost, or could not be opened again. */
	void away(String sentence) {
		this.away = sentence;
	}

	/** The connection is there. */
	void here() {
		this.away = null;
	}

	/** Why there is no connection, if that is known. */
	@Nullable String whyAway() {
		return this.away;
	}

	/** Whether it refuses because of its state, and so all of that kind. */
	boolean refusesAll() {
		Refusal known = this.refusal;
		return known != null && !known.permission && refusal() != null;
	}

	/** What is refused, as a sentence, or null. */
	@Nullable String refusal() {
		Refusal known = this.refusal;
		return (known != null && known.until - this.environment.nanoTime() > 0) ? known.sentence : null;
	}

	/**
	 * A key that never exists, in the partition of what was last asked for, or null when
	 * nothing was.
	 */
	byte @Nullable [] probeKey() {
		byte[] key = this.lastKey;
		if (key == null) {
			return null;
		}
		int end = 0;
		while (end < key.length && key[end] != '}') {
			end++;
		}
		int length = Math.min(end + 1, key.length);
		byte[] probe = Arrays.copyOf(key, length + PROBE.length);
		System.arraycopy(PROBE, 0, probe, length, PROBE.length);
		return probe;
	}

	/** What was refused. */
	private record Refusal(String what, String sentence, boolean permission, long until) {
	}

}
