package dev.realtime.presence.redis;

import java.nio.charset.StandardCharsets;

import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.presence.PresenceEvent;
import dev.realtime.redis.LogAppend;
import dev.realtime.codec.MessageCodec;
import dev.realtime.redis.RedisScript;

/**
 * The one script that changes a topic's members. All of it happens at one moment on one
 * clock, that of Redis:
 * <ol>
 * <li>renew the caller's lease, if it has users here
 * <li>bury those of the given nodes whose lease is over: take their counts away, users
 * without a connection leave at once. The answer names other nodes whose lease is over,
 * and the caller gives them with its next call: a script may touch only keys that it was
 * given
 * <li>users whose grace is over leave
 * <li>set the caller's counts, which are absolute, so that repeating it changes nothing
 * <li>publish the number of members, if joins or leaves were not published
 * <li>note on the agenda when something is due here next, see {@link AgendaScript}
 * </ol>
 * An event is numbered, stored and announced on the presence topic in the step that takes
 * the user in or out of the set of members. So each event is published once, events have
 * the order of the changes, and no node has to survive for an event to be published. A
 * call whose reply was lost is made again and finds nothing left to do.
 * <p>
 * A join or leave is not published if there are more than {@code most} members before or
 * after it, if its user only returns to a Redis that forgot, or if storing failed. Then
 * {@code crowd} notes that a number must be published: the first one at once if there are
 * too many members, and otherwise when {@code interval} is over.
 * <p>
 * {@code room} limits how many leaves one call may find; 0 when none may be found now. A
 * user that the caller says was confirmed on another life of Redis ({@code known}), but
 * whom this one has never seen, has been published as joined already: entering is silent,
 * and leaving is published as if the user had been here.
 */
final class TopicScript {

	/** Nodes that one call may bury. */
	static final int MOST_DEAD = 1_000;

	private static final String SOURCE = """
			local nodes, users, totals, leaving, mine, crowd, agenda = unpack(KEYS, 3, 9)
			local node, lease, grace = ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10])
			local room, most, interval = tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
			local events = ARGV[3] ~= '' or ARGV[7] ~= ''
			local theirs, silent = {}, {}
			for i = 10, #KEYS do theirs[ARGV[i + 5]] = KEYS[i] end
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			local ttl = math.max(2 * lease + grace, events and tonumber(ARGV[5]) or 0)
			local members = redis.call('ZCARD', users)
			local noted = redis.call('HMGET', crowd, 'at', 'untold')
			local at, untold, failure = tonumber(noted[1]), noted[2] == '1', ''
			local epoch, last, voids
			local told = {}

			local function quoted(text)
			  if string.find(text, '[%z\\1-\\31"\\\\<\\226]') then
			    text = string.gsub(text, '[%z\\1-\\31"\\\\<]', function(c)
			      return (c == '"' or c == '\\\\') and '\\\\' .. c or string.format('\\\\u%04x', string.byte(c))
			    end)
			    text = string.gsub(text, '\\226\\128([\\168\\169])', { ['\\168'] = '\\\\u2028', ['\\169'] = '\\\\u2029' })
			  end
			  return '"' .. text .. '"'
			end

			local function store(blob)
			  if not epoch then epoch, last, voids = numbering() end
			  local receipt, unheard = append(epoch, voids, text(now), blob, '0')
			  voids = 0
			  if unheard then failure = unheard end
			  if ARGV[3] == '-' then told[#told + 1] = receipt .. '\\n' .. blob end
			end

			local function publish(blob)
			  if not events then return true end
			  local stored, why = pcall(store, blob)
			  if not stored then failure = type(why) == 'table' and why.err or tostring(why) end
			  return stored
			end

			local function gone(user, wait)
			  if wait > 0 then
			    redis.call('ZADD', leaving, now + wait, user)
			  else
			    redis.call('ZREM', leaving, user)
			    if redis.call('ZREM', users, user) == 1 then
			      if members > most or not publish(@LEAVE@ .. quoted(user) .. '}') then untold = true end
			      members = members - 1
			    end
			  end
			end

			local function come(user, silently)
			  if redis.call('ZADD', users, 0, user) == 1 then
			    members = members + 1
			    if silently or members > most or not publish(@JOIN@ .. quoted(user) .. '}') then untold = true end
			    return true
			  end
			end

			local function less(user, connections, wait)
			  if redis.call('HINCRBY', totals, user, -connections) <= 0 then
			    redis.call('HDEL', totals, user)
			    gone(user, wait)
			  end
			end

			local function bury(dead, counts)
			  local cursor = '0'
			  while room > 0 do
			    local page = redis.call('HSCAN', counts, cursor, 'COUNT', 100)
			    for i = 1, #page[2], 2 do
			      if redis.call('HDEL', counts, page[2][i]) == 1 then
			        less(page[2][i], tonumber(page[2][i + 1]), 0)
			        room = room - 1
			      end
			    end
			    cursor = page[1]
			    if cursor == '0' then break end
			  end
			  if redis.call('PEXPIRE', counts, ttl) == 0 then redis.call('ZREM', nodes, dead) end
			end

			-- Also refuses the whole call, before anything is changed, if Redis is out of memory.
			redis.call('ZADD', nodes, 'XX', now + lease, node)
			for _, dead in ipairs(redis.call('ZRANGEBYSCORE', nodes, '-inf', now)) do
			  if theirs[dead] then bury(dead, theirs[dead]) elseif #silent < @SILENT@ then silent[#silent + 1] = dead end
			end
			if room > 0 then
			  for _, user in ipairs(redis.call('ZRANGEBYSCORE', leaving, '-inf', now, 'LIMIT', 0, room)) do
			    gone(user, 0)
			  end
			end

			for i = #KEYS + 6, #ARGV, 3 do
			  local user, count, known = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
			  local forgotten = known ~= '' and known ~= '@SERVER@'
			  local old = tonumber(redis.call('HGET', mine, user) or 0)
			  if count > 0 then
			    redis.call('HSET', mine, user, count)
			    redis.call('HINCRBY', totals, user, count - old)
			    redis.call('ZREM', leaving, user)
			    come(user, forgotten)
			  elseif old > 0 then
			    redis.call('HDEL', mine, user)
			    less(user, old, grace)
			  elseif forgotten and come(user, true) then
			    gone(user, grace)
			  end
			end

			if untold then
			  if at and at <= now or not at and members > most then
			    untold = not publish((members > most and @COUNT@ or @RESET@) .. text(members) .. '}')
			    at = now + interval
			  end
			  at = at or now + interval
			  redis.call('HSET', crowd, 'at', at, 'untold', untold and '1' or '0')
			  redis.call('PEXPIRE', crowd, untold and ttl or interval)
			end
			local held = redis.call('HLEN', mine)
			if held > 0 then
			  redis.call('ZADD', nodes, now + lease, node)
			else
			  redis.call('ZREM', nodes, node)
			end
			for i = 3, 7 do redis.call('PEXPIRE', KEYS[i], ttl) end

			local due = untold and at
			for _, key in ipairs({ leaving, nodes }) do
			  local first = tonumber(redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2])
			  if first and (not due or first < due) then due = first end
			end
			if due then
			  redis.call('ZADD', agenda, due, ARGV[14])
			  if redis.call('PTTL', agenda) < ttl then redis.call('PEXPIRE', agenda, ttl) end
			else
			  redis.call('ZREM', agenda, ARGV[14])
			end
			return { '@SERVER@', held, failure, silent, told }
			""";

	/**
	 * Keys: those of {@link LogAppend} for the presence topic, nodes, users, totals,
	 * leaving, counts of the caller, crowd, agenda; then for each node that may be dead:
	 * its counts. Arguments: those of {@link LogAppend}, where no channel means that
	 * there is no presence topic; node, lease ms, grace ms, room, most, interval ms,
	 * topic; each node that may be dead; then for each user: name, count, known. Answer:
	 * server, how many users the caller has here, why an event could not be stored or
	 * announced or nothing, other nodes whose lease is over, announcements of the events
	 * stored if another relay announces them.
	 */
	static final RedisScript APPLY = LogAppend.script("presence",
			SOURCE.replace("@JOIN@", beginning(new PresenceEvent.Join("")))
				.replace("@LEAVE@", beginning(new PresenceEvent.Leave("")))
				.replace("@COUNT@", beginning(new PresenceEvent.Count(0)))
				.replace("@RESET@", beginning(new PresenceEvent.Reset(0)))
				.replace("@SILENT@", Integer.toString(MOST_DEAD)));

	private TopicScript() {
	}

	/**
	 * The bytes of a message up to the user or the number, as a literal of Lua. The
	 * payload is the last part of a message's bytes.
	 */
	private static String beginning(PresenceEvent event) {
		byte[] blob = MessageCodec.blob(Publication.of(Topic.of("any"), event.content()));
		int value = new String(blob, StandardCharsets.ISO_8859_1).lastIndexOf(':') + 1;
		StringBuilder literal = new StringBuilder("'");
		for (int i = 0; i < value; i++) {
			literal.append(String.format("\\%03d", blob[i] & 0xFF));
		}
		return literal.append('\'').toString();
	}

}
