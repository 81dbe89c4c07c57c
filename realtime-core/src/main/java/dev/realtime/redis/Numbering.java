package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

/**
 * The topics' numbering in Redis, and the beginning of every script that touches a topic:
 * no script reads or writes anything before it knows that the numbering is this server's
 * own (see {@link RedisLink}).
 *
 * <pre>
 * KEYS[1] numbering hash   ARGV[1] an epoch, in case that one must begin
 * KEYS[2] log stream       ARGV[2] how long an untouched numbering is kept, in ms
 * </pre>
 *
 * The time to live of the numbering is renewed when half of it is over, so it never ends
 * before that of the log as long as it is twice as long.
 * <p>
 * Who can name any number of topics must not fill Redis with them. So who only looks at a
 * topic without a numbering begins none: its position is at 0 of an epoch that is the
 * same for all such topics. That one is of this server, and for as long as an untouched
 * numbering is kept: a numbering that begins later than a client has looked cannot be
 * gone while the epoch still counts. Subscribing begins a numbering, so that a subscriber
 * of a silent topic can come back; it is forgotten an hour after the last look at it if
 * nothing is published.
 */
public final class Numbering {

	private static final String PRELUDE = """
			local function kept(seq)
			  return seq == 0 and math.min(ARGV[2], @SILENT@) or tonumber(ARGV[2])
			end
			local function text(number)
			  return string.format('%d', number)
			end
			local function none()
			  local life = math.floor(redis.call('TIME')[1] * 1000 / ARGV[2])
			  return 'N' .. string.upper(string.sub(redis.sha1hex(@OWNER@ .. ' ' .. text(life)), 1, 9))
			end
			local function numbering(looks)
			  local n = redis.call('HMGET', KEYS[1], 'e', 's', 'r', 'v')
			  if n[1] and n[2] and n[3] == @OWNER@ then
			    local seq = tonumber(n[2])
			    if redis.call('PTTL', KEYS[1]) < kept(seq) / 2 then
			      redis.call('PEXPIRE', KEYS[1], kept(seq))
			    end
			    return n[1], seq, tonumber(n[4] or 0)
			  end
			  redis.call('DEL', KEYS[1], KEYS[2])
			  if looks then return none(), 0, 0 end
			  redis.call('HSET', KEYS[1], 'e', ARGV[1], 's', 0, 'r', @OWNER@)
			  redis.call('PEXPIRE', KEYS[1], kept(0))@MARK@
			  return ARGV[1], 0, 0
			end
			local function take()
			  local seq = redis.call('HINCRBY', KEYS[1], 's', 1)
			  if seq == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end@MARK@
			  return seq
			end
			local function clock()
			  local time = redis.call('TIME')
			  return time[1] .. string.format('%03d', math.floor(time[2] / 1000))
			end
			""";

	/** How long the numbering of a topic without a number is kept. */
	private static final long SILENT_MILLIS = 3_600_000;

	private static final String OF_SERVER = prelude("'@SERVER@'", "");

	private static final String OF_LINEAGE = prelude("lineage", "\nmarked()");

	private static final RedisScript CURRENT = script("current", """
			local epoch, seq = numbering()
			return epoch .. ' ' .. text(seq)
			""");

	private static final RedisScript PEEK = script("peek", """
			local epoch, seq = numbering(true)
			return epoch .. ' ' .. text(seq)
			""");

	private final RedisLink link;

	private final RedisKeys keys;

	private final long ttlMillis;

	private final byte[] ttl;

	private final EpochCandidates epochs;

	private final @Nullable Continuity continuity;

	/**
	 * A numbering on one connection, in which every restart or failover begins new
	 * epochs.
	 * @param ttl how long the numbering of an untouched topic is kept
	 */
	public Numbering(RedisLink link, RedisKeys keys, Duration ttl) {
		this(link, keys, ttl, null);
	}

	/**
	 * A numbering on one connection.
	 * @param ttl how long the numbering of an untouched topic is kept
	 * @param continuity decides which topics go on after a failover; with null none does
	 */
	public Numbering(RedisLink link, RedisKeys keys, Duration ttl, @Nullable Continuity continuity) {
		this.continuity = continuity;
		this.epochs = new EpochCandidates(link.environment().secureRandom());
		this.link = link;
		this.keys = keys;
		this.ttlMillis = ttl.toMillis();
		this.ttl = RedisLink.arg(this.ttlMillis);
	}

	/** Returns the source of time and randomness of whatever uses the numbering. */
	public Environment environment() {
		return this.link.environment();
	}

	/**
	 * A script that has the functions {@code numbering()}, which returns epoch, last seq
	 * and how many of the last numbers are void, and begins none when called with
	 * {@code true}; {@code none()}, the epoch of topics without one; {@code take()},
	 * which returns the next number, {@code text(number)} and {@code clock()}, the time
	 * in milliseconds as text.
	 */
	public static RedisScript script(String name, String body) {
		return new RedisScript(name, OF_SERVER + body);
	}

	private static String prelude(String owner, String mark) {
		return PRELUDE.replace("@SILENT@", Long.toString(SILENT_MILLIS))
			.replace("@OWNER@", owner)
			.replace("@MARK@", mark);
	}

	/** The text of such a script where the numbering belongs to a {@link Lineage}. */
	static String continuing(String text) {
		if (!text.startsWith(OF_SERVER)) {
			throw new IllegalArgumentException("Only scripts on topics can continue");
		}
		return OF_LINEAGE + text.substring(OF_SERVER.length());
	}

	/** The last number given; begins an epoch where there is none. */
	public CompletionStage<Position> current(Topic topic) {
		return evalPosition(CURRENT, topic);
	}

	/** The last number given, or 0 of an epoch that stands for no numbering. */
	public CompletionStage<Position> peek(Topic topic) {
		return evalPosition(PEEK, topic);
	}

	/** Runs a script without further arguments that returns {@code "epoch seq"}. */
	public CompletionStage<Position> evalPosition(RedisScript script, Topic topic) {
		return this.<byte[]>eval(script, ScriptOutputType.VALUE, topic, keys(topic), epoch(), this.ttl)
			.thenApply((reply) -> {
				String text = new String(reply, StandardCharsets.US_ASCII);
				int space = text.indexOf(' ');
				return new Position(text.substring(0, space), Long.parseLong(text.substring(space + 1)));
			});
	}

	/**
	 * Runs a script on a topic. Where the topic goes on after a failover, the answer is
	 * held back until the replicas have what it tells, or have had their time.
	 * @return fails as {@link RedisLink#eval} does, and with a {@link TakeoverException}
	 */
	public <T> CompletionStage<T> eval(RedisScript script, ScriptOutputType output, Topic topic, byte[][] scriptKeys,
			byte[]... args) {
		Continuity known = this.continuity;
		if (known == null || !Continuity.isOf(topic)) {
			return this.link.eval(script, output, scriptKeys, args);
		}
		return known.<T>eval(script, output, topic, scriptKeys, args).thenApply(Continued::value);
	}

	/** The first two keys of every script. */
	public byte[][] keys(Topic topic) {
		return new byte[][] { this.keys.numbering(topic), this.keys.log(topic) };
	}

	/** The first argument of every script: a new one for each call. */
	public byte[] epoch() {
		return this.epochs.next();
	}

	/** The second argument of every script. */
	public byte[] ttl() {
		return this.ttl;
	}

	/**
	 * The second argument where a topic's log or ids are kept for so long: at least twice
	 * that.
	 */
	public byte[] ttl(long keptMillis) {
		return RedisLink.arg(Math.max(this.ttlMillis, 2 * keptMillis));
	}

}
