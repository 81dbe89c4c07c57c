package dev.realtime.redis;

import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.net.ssl.SSLException;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows what an error of Redis means: a sentence that says what is
 * wrong and what to do. The links put it into the exceptions with which commands fail,
 * and so it reaches publishers, presence and health; the node's start and the relay ask
 * for what a connection failed with.
 */
public final class RedisDiagnosis {

	private static final Pattern COMMAND = Pattern.compile("'([^']+)' (?:command|subcommand)");

	private static final Pattern CALLED = Pattern.compile("redis\\.p?call\\('([A-Z]+)'");

	private static final int LONGEST_CHAIN = 20;

	private static final int ATTEMPTS = 3;

	private RedisDiagnosis() {
	}

	/**
	 * The sentence for whatever a command or a connection failed with, or null when the
	 * failure is none that is known.
	 */
	public static @Nullable String of(Throwable failure) {
		Throwable cause = failure;
		for (int i = 0; cause != null && i < LONGEST_CHAIN; i++) {
			String sentence = (cause instanceof RedisRefusedException) ? cause.getMessage() : known(cause);
			if (sentence != null) {
				return sentence;
			}
			cause = cause.getCause();
		}
		return null;
	}

	/**
	 * Connects, and tries again where the client has lost the reason of a refusal, so
	 * that the operator learns it. Where Redis refuses and the connection is closed
	 * before Lettuce has looked, it reports {@code RedisHandshakeHandler not registered}
	 * in place of the refusal: 3 of 1,500 attempts with a wrong password on a busy
	 * machine, with Lettuce 6.6.
	 * @param connecting connects, or throws what the client reports
	 * @throws RedisException from the last attempt
	 */
	public static <T> T withReason(Supplier<T> connecting) {
		for (int i = 1; i < ATTEMPTS; i++) {
			try {
				return connecting.get();
			}
			catch (RedisException ex) {
				if (!hasLostItsReason(ex)) {
					throw ex;
				}
			}
		}
		return connecting.get();
	}

	private static boolean hasLostItsReason(Throwable failure) {
		Throwable cause = failure;
		for (int i = 0; cause != null && i < LONGEST_CHAIN; i++) {
			if (cause instanceof IllegalStateException
					&& String.valueOf(cause.getMessage()).contains("RedisHandshakeHandler")) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

	/** The sentence for an error that a script has caught, or else the error as it is. */
	public static String ofReply(String reply, String what) {
		String missing = missing(reply, what, what, null);
		String known = (missing != null) ? missing : reply(reply);
		return (known != null) ? known : reply;
	}

	/**
	 * The failure of a command, with its sentence if it is a known reply. What only says
	 * where in a cluster a slot is stays as it is, since the link acts on that.
	 * @param what the command
	 * @param key its key or channel
	 */
	public static Throwable explained(Throwable failure, String what, byte @Nullable [] key) {
		return explained(failure, what, what, key);
	}

	/** The failure of a script's call. */
	static Throwable explained(Throwable failure, RedisScript script, byte @Nullable [] key) {
		String called = CALLED.matcher(script.text())
			.results()
			.map((match) -> match.group(1))
			.collect(Collectors.toCollection(TreeSet::new))
			.stream()
			.collect(Collectors.joining(", "));
		return explained(failure, "the script \"" + script.name() + '"',
				called.isEmpty() ? "EVALSHA" : "EVALSHA and what it calls (" + called + ")", key);
	}

	private static Throwable explained(Throwable failure, String what, String commands, byte @Nullable [] key) {
		if (!(failure instanceof RedisCommandExecutionException) || failure instanceof RedisRefusedException) {
			return failure;
		}
		String reply = String.valueOf(failure.getMessage());
		String missing = missing(reply, what, commands, key);
		if (missing != null) {
			return new RedisRefusedException(missing, true, failure);
		}
		String state = (reply.startsWith("TRYAGAIN") || reply.startsWith("ASK ")) ? null : reply(reply);
		return (state != null) ? new RedisRefusedException(state, false, failure) : failure;
	}

	/** What an ACL does not allow, or null when it is something else. */
	private static @Nullable String missing(String reply, String what, String commands, byte @Nullable [] key) {
		String text = reply.toLowerCase(Locale.ROOT);
		boolean script = text.contains("user executing the script") || text.contains("acl failure in script");
		if (!reply.startsWith("NOPERM") && !script) {
			return null;
		}
		String user = "Redis does not permit " + what + " to the ACL user of this connection: ";
		if (text.contains("channel")) {
			return user + "it lacks a channel" + named(key, script) + "; add the pattern of the fleet's channels, "
					+ "\"&PREFIX:*\" with realtime.redis.prefix, with ACL SETUSER";
		}
		if (text.contains(" key")) {
			return user + "it lacks a key" + named(key, false) + "; add the pattern of the fleet's keys, "
					+ "\"~PREFIX:*\" with realtime.redis.prefix, with ACL SETUSER";
		}
		Matcher command = COMMAND.matcher(reply);
		return user + "it lacks the command "
				+ (command.find() ? command.group(1).toUpperCase(Locale.ROOT) : "that was called; it needs " + commands)
				+ "; add it with ACL SETUSER";
	}

	private static String named(byte @Nullable [] key, boolean unknown) {
		return (key != null && !unknown) ? " such as \"" + RedisLink.text(key) + '"' : "";
	}

	private static @Nullable String known(Throwable cause) {
		String message = String.valueOf(cause.getMessage());
		if (cause instanceof RedisCommandExecutionException || message.startsWith("WRONGPASS")
				|| message.startsWith("NOAUTH")) {
			String missing = missing(message, "connecting", "HELLO, AUTH and PING", null);
			return (missing != null) ? missing : reply(message);
		}
		String type = cause.getClass().getName();
		if (type.endsWith("NotSslRecordException") || type.endsWith("SslHandshakeTimeoutException")) {
			return "Redis does not speak TLS on this port, or did not answer; connect without TLS (spring.data.redis.ssl.enabled=false, "
					+ "redis:// instead of rediss://), or to the server's TLS port";
		}
		if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
			return "The TLS handshake with Redis failed (" + message + "); check that the server's certificate "
					+ "is trusted and names its host, and that it accepts this client's certificate "
					+ "(spring.data.redis.ssl.bundle)";
		}
		if (message.contains("Connection closed prematurely")) {
			return "Redis closes new connections at once; connect with TLS if this is its TLS port "
					+ "(spring.data.redis.ssl.enabled=true, rediss:// instead of redis://), and check maxclients";
		}
		return null;
	}

	/** By the first word of an error reply. */
	private static @Nullable String reply(String reply) {
		int space = reply.indexOf(' ');
		return switch ((space > 0) ? reply.substring(0, space) : reply) {
			case "READONLY" -> "Redis is read-only because it is a replica; connect to the master, or name Sentinel or "
					+ "the cluster in spring.data.redis so that this application follows a failover";
			case "OOM" -> "Redis has no memory left and refuses to write; raise its maxmemory, or shorten "
					+ "histories (realtime.topic-defaults.history-size and history-time)";
			case "MISCONF" ->
				"Redis cannot save its data to disk and therefore refuses to write; free or repair the disk "
						+ "in its \"dir\", or set stop-writes-on-bgsave-error to no";
			case "LOADING" -> "Redis is loading its data from disk and does not answer yet; wait until it has finished";
			case "MASTERDOWN" ->
				"Redis is a replica that has lost its master; connect to the master, or wait for the failover";
			case "NOREPLICAS" -> "Redis refuses to write because too few replicas are connected; start them, or lower "
					+ "its min-replicas-to-write";
			case "CLUSTERDOWN" ->
				"The Redis Cluster does not serve this slot now; check CLUSTER INFO: a master is down "
						+ "without a replica that takes over, or slots are not assigned";
			case "TRYAGAIN", "ASK" -> "The Redis Cluster is migrating the slot, and some of its keys are on another "
					+ "node; finish the migration (redis-cli --cluster fix)";
			case "BUSY" -> "Redis is busy with a script or a function that does not end; find it with SLOWLOG, and end "
					+ "it with SCRIPT KILL";
			case "WRONGPASS" -> "Redis does not accept the user name or the password; check spring.data.redis.username "
					+ "and spring.data.redis.password, or the URI in realtime.redis.shards, and that ACL LIST has the user as \"on\"";
			case "NOAUTH" -> "Redis requires a password; set spring.data.redis.password, or name it in the URI in "
					+ "realtime.redis.shards";
			case "DENIED" -> "Redis is in protected mode and accepts local connections only; set a password for it, or "
					+ "protected-mode no";
			default -> reply.contains("max number of clients reached")
					? "Redis has as many connections as its maxclients allows; raise that, or close others" : null;
		};
	}

}
