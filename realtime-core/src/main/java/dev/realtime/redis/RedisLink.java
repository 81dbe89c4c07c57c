package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * The way to Redis on which all commands of a node are pipelined, each with a time limit:
 * one connection to one server. Safe for any number of threads; nothing but
 * {@link #connect} and {@link #close} blocks. A loop of its own sends script calls and
 * expires what is not answered, so that nothing the application does on Lettuce's threads
 * delays it. It heals by Lettuce's own reconnection ({@code autoReconnect} must be on,
 * its default).
 *
 * <h2>At most once</h2> Left to itself, Lettuce sends unanswered commands again after a
 * reconnection, and a publish would be stored twice. So when the connection breaks, every
 * unanswered command fails at once (its outcome is unknown) and is not sent again.
 *
 * <h2>Scripts and the life of a server</h2> After a crash or a failover Redis can come
 * back with counters that are older than numbers already given. A script must not go on
 * counting from there. Redis's replies do not tell, but its script cache does: it never
 * outlives the server process, nor, from Redis 7 on, moves to a replica. So each script
 * is loaded with the server's {@code run_id} in its text. On a server that is new, the
 * script is unknown, this class asks for the {@code run_id} and loads the text with that;
 * the script then finds an older {@code run_id} beside a topic's numbering and begins a
 * new epoch. It asks again after every reconnection too, because Redis 6 copies the cache
 * to replicas. The order of calls survives the loading: see {@link ScriptQueue}.
 * <p>
 * What it cannot see: a server that is demoted and promoted again without a restart has
 * the same {@code run_id}; topics that nobody published on or subscribed to in between
 * then go on counting from what the other server knew.
 */
public interface RedisLink extends AutoCloseable {

	/**
	 * Connects, blocking up to the client's connect timeout.
	 * @param client of one server or of a cluster, whose addresses, credentials and
	 * options apply; not closed by us
	 * @param timeout the longest that any command may take
	 * @param loops makes the link's thread
	 * @param name the thread's name
	 */
	static RedisLink connect(AbstractRedisClient client, Duration timeout, Loops loops, String name) {
		Masters masters = Masters.of(client, loops.environment());
		if (masters != null) {
			return ClusterLink.connect(masters, timeout, loops.loop(name));
		}
		if (client instanceof RedisClient server) {
			return ServerLink.connect(server, timeout, loops, name);
		}
		throw new IllegalArgumentException("A RedisClient or RedisClusterClient is required, not " + client.getClass());
	}

	/** Returns the source of time and randomness of whatever uses the link. */
	Environment environment();

	/** Whether the connection is up. */
	boolean isConnected();

	/**
	 * What is wrong with a server that is connected, or why one is not, as a sentence for
	 * the operator; null when all is well as far as is known. Any thread.
	 */
	@Nullable String problem();

	/**
	 * Whether a server is connected and does not refuse all writes, as far as is known.
	 * Any thread.
	 */
	boolean isUsable();

	/** The command that announces on a channel: {@code PUBLISH} or {@code SPUBLISH}. */
	String publishCommand();

	/** Announces on a channel; completes with the number of receivers that it counts. */
	CompletionStage<Long> publish(byte[] channel, byte[] message);

	/** As {@link #run(String, byte[], Function)}, for a command without a key. */
	<T> CompletionStage<T> run(String what, Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command);

	/**
	 * Sends one command.
	 * @param what names it in messages
	 * @param key the key or channel of the command
	 * @param command the call on Lettuce's asynchronous interface
	 * @return fails with {@link RedisAwayException} at once when the connection is down,
	 * with a {@link RedisConnectionException} when it breaks, or with a
	 * {@link TimeoutException} when the answer stays away. In the last two cases the
	 * outcome is unknown, but a command that was not yet sent never will be. What Redis
	 * refuses fails with a {@link RedisRefusedException} where the reason is known
	 */
	<T> CompletionStage<T> run(String what, byte[] key,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command);

	/**
	 * Runs a script; loads it first where the server does not know it. Calls of one
	 * thread are carried out in their order. Fails as
	 * {@link #run(String, byte[], Function) run} does.
	 * @param keys all keys that the script touches, in one slot
	 */
	<T> CompletionStage<T> eval(RedisScript script, ScriptOutputType output, byte[][] keys, byte[]... args);

	/**
	 * Asks the master that has the key whether its replicas have everything that it had
	 * answered before. Many questions share one WAIT on a connection of its own.
	 * @param key a hash of which the field {@code c} is written
	 * @param replicas so many must have it; with 0 the master is asked only who it is
	 * @param timeout how long to wait for them
	 * @return fails when the master cannot be asked
	 */
	CompletionStage<Confirmation> confirm(byte[] key, int replicas, Duration timeout);

	/**
	 * How often a connection was made, so that a change tells that another server may
	 * answer.
	 */
	long connects();

	/** Fails what is unanswered and closes the connection, not the client. */
	@Override
	void close();

	/** The cause inside a completion exception. */
	static Throwable unwrap(Throwable failure) {
		Throwable cause = failure;
		while (cause instanceof CompletionException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		return cause;
	}

	/** The text of a key or channel. */
	static String text(byte[] name) {
		return new String(name, StandardCharsets.UTF_8);
	}

	/** The bytes of an ASCII or UTF-8 argument. */
	static byte[] arg(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** The bytes of a number. */
	static byte[] arg(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

}
