package dev.realtime.restriction.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import dev.realtime.Epochs;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.RestrictionList;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.Revision;
import dev.realtime.restriction.StoredRestriction;
import dev.realtime.restriction.TooManyRestrictionsException;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restrictions in one hash of Redis:
 *
 * <pre>
 * rt:restrictions   hash   e = epoch, n = how many changes, r = server that counted them;
 *                          b:USER, t:TOKEN, i:USER, c:USER, s:SESSION, u:USER LF PATTERN =
 *                          "end number detail", the end in ms by the clock of Redis
 * </pre>
 *
 * All is in one key, so that it is there as a whole or not at all; it is written only
 * when an application blocks or revokes something, and read once per node and interval.
 * When another server, or another life of one, has it, or when the key is gone, an epoch
 * begins: changes may be lost, and the nodes store again what they know. Entries are
 * removed when they have ended and the list is read or full; the key itself a day after
 * the last of them.
 */
public final class RedisRestrictionStore implements RestrictionStore {

	private static final Logger logger = LoggerFactory.getLogger(RedisRestrictionStore.class);

	private static final String FULL = "full";

	/** KEYS[1] the hash; ARGV[1] an epoch, in case that one must begin. */
	private static final String PRELUDE = """
			local DAY = 86400000
			local function text(number)
			  return string.format('%.0f', number)
			end
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			local state = redis.call('HMGET', KEYS[1], 'e', 'n', 'r')
			local epoch, number = state[1], tonumber(state[2] or 0)
			if not epoch or state[3] ~= '@SERVER@' then
			  epoch = ARGV[1]
			  redis.call('HSET', KEYS[1], 'e', epoch, 'n', text(number), 'r', '@SERVER@')
			end
			local function keep(millis)
			  if redis.call('PTTL', KEYS[1]) < millis then
			    redis.call('PEXPIRE', KEYS[1], text(millis + DAY))
			  end
			end
			keep(DAY / 2)
			local function parts(value)
			  local ends, at, detail = string.match(value, '^(%d+) (%d+) (.*)$')
			  return tonumber(ends), at, detail
			end
			local function each(take)
			  local all = redis.call('HGETALL', KEYS[1])
			  for i = 1, #all, 2 do
			    if string.sub(all[i], 2, 2) == ':' then
			      local ends, at, detail = parts(all[i + 1])
			      if ends and ends > now then
			        take(all[i], ends, at, detail)
			      else
			        redis.call('HDEL', KEYS[1], all[i])
			      end
			    end
			  end
			end
			""";

	/** ARGV: key, millis to keep, detail, most, 1 if only where there is none. */
	private static final RedisScript PUT = new RedisScript("put restriction", PRELUDE + """
			local before = redis.call('HGET', KEYS[1], ARGV[2])
			local ends, detail = now + ARGV[3], ARGV[4]
			if before then
			  local known, _, other = parts(before)
			  if known and known > now then
			    if ARGV[6] == '1' then return { epoch, text(number), text(known - now), other } end
			    local kind = string.sub(ARGV[2], 1, 1)
			    if kind == 't' or kind == 'i' then
			      ends = math.max(ends, known)
			      if kind == 'i' then detail = text(math.max(tonumber(detail), tonumber(other))) end
			    end
			  end
			else
			  local most = tonumber(ARGV[5]) + 3
			  if redis.call('HLEN', KEYS[1]) >= most then each(function() end) end
			  if redis.call('HLEN', KEYS[1]) >= most then return { 'full' } end
			end
			number = redis.call('HINCRBY', KEYS[1], 'n', 1)
			redis.call('HSET', KEYS[1], ARGV[2], text(ends) .. ' ' .. text(number) .. ' ' .. detail)
			keep(ends - now)
			return { epoch, text(number), text(ends - now), detail }
			""");

	/** ARGV: key. */
	private static final RedisScript REMOVE = new RedisScript("remove restriction", PRELUDE + """
			if redis.call('HDEL', KEYS[1], ARGV[2]) == 0 then return {} end
			return { epoch, text(redis.call('HINCRBY', KEYS[1], 'n', 1)) }
			""");

	/** ARGV: epoch and number that are known. */
	private static final RedisScript READ = new RedisScript("read restrictions", PRELUDE + """
			local reply = { epoch, text(number) }
			if epoch == ARGV[2] and text(number) == ARGV[3] then return reply end
			reply[3] = 'changed'
			each(function(key, ends, at, detail)
			  table.insert(reply, key)
			  table.insert(reply, text(ends - now))
			  table.insert(reply, at)
			  table.insert(reply, detail)
			end)
			return reply
			""");

	private final RedisLink link;

	private final byte[][] key;

	private final int most;

	/**
	 * A store on a connection of its own.
	 * @param link closed by the store
	 * @param most how many restrictions there may be
	 */
	public RedisRestrictionStore(RedisLink link, RedisKeys keys, int most) {
		this.link = link;
		this.key = new byte[][] { keys.global("restrictions") };
		this.most = most;
	}

	@Override
	public CompletionStage<Change> put(Restriction restriction, Duration keep) {
		return put(restriction, keep, false).thenApply((reply) -> {
			if (reply.get(0).equals(FULL)) {
				throw new TooManyRestrictionsException(this.most);
			}
			Revision revision = revision(reply);
			Restriction stored = new Restriction(restriction.kind(), restriction.subject(), reply.get(3));
			return new Change(revision,
					new StoredRestriction(stored, Duration.ofMillis(Long.parseLong(reply.get(2))), revision.number()));
		});
	}

	@Override
	public CompletionStage<Void> restore(Restriction restriction, Duration keep) {
		return put(restriction, keep, true).thenAccept((reply) -> {
			if (reply.get(0).equals(FULL)) {
				throw new TooManyRestrictionsException(this.most);
			}
		});
	}

	private CompletionStage<List<String>> put(Restriction restriction, Duration keep, boolean unlessKnown) {
		return eval(PUT, restriction.key(), Long.toString(keep.toMillis()), restriction.detail(),
				Integer.toString(this.most), unlessKnown ? "1" : "0");
	}

	@Override
	public CompletionStage<@Nullable Revision> remove(Restriction restriction) {
		return eval(REMOVE, restriction.key()).thenApply((reply) -> reply.isEmpty() ? null : revision(reply));
	}

	@Override
	public CompletionStage<RestrictionList> read(Revision known) {
		return eval(READ, known.epoch(), Long.toString(known.number())).thenApply(RedisRestrictionStore::list);
	}

	@Override
	public boolean isShared() {
		return true;
	}

	@Override
	public void close() {
		this.link.close();
	}

	private CompletionStage<List<String>> eval(RedisScript script, String... args) {
		byte[][] all = new byte[args.length + 1][];
		all[0] = RedisLink.arg(Epochs.next(this.link.environment().secureRandom()));
		for (int i = 0; i < args.length; i++) {
			all[i + 1] = RedisLink.arg(args[i]);
		}
		return this.link.<List<Object>>eval(script, ScriptOutputType.MULTI, this.key, all)
			.thenApply((
					reply) -> reply.stream().map((part) -> new String((byte[]) part, StandardCharsets.UTF_8)).toList());
	}

	private static Revision revision(List<String> reply) {
		return new Revision(reply.get(0), Long.parseLong(reply.get(1)));
	}

	private static RestrictionList list(List<String> reply) {
		if (reply.size() == 2) {
			return new RestrictionList(revision(reply), null);
		}
		List<StoredRestriction> entries = new ArrayList<>();
		for (int i = 3; i < reply.size(); i += 4) {
			String key = reply.get(i);
			try {
				entries.add(new StoredRestriction(Restriction.of(key, reply.get(i + 3)),
						Duration.ofMillis(Long.parseLong(reply.get(i + 1))), Long.parseLong(reply.get(i + 2))));
			}
			catch (IllegalArgumentException ex) {
				logger.warn("Ignored a restriction that this version does not know: {}", key);
				logger.debug("The failure with its stack trace", ex);
			}
		}
		return new RestrictionList(Objects.requireNonNull(revision(reply)), entries);
	}

}
