package dev.realtime.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The scripts with which topics go on in their epochs after a restart or failover; see
 * docs/internals/failover.md for what they compare, and why. All of them work on a key of
 * the partition:
 *
 * <pre>
 * rt:{111.6r6}:life   hash   L = lineage: topics whose numbering carries it may go on
 *                            t = term, one more with each server that has taken over
 *                            q = mark, one more with each number that was given
 *                            i = replication id of the server that was compared, r = its run_id
 *                            n:NODE = when that node has last renewed its lease, ms
 *                            o:NODE = replication id of the server for which it has compared
 *                            w = since when the nodes compare, ms, and for which server
 *                            c = changed with each question to the replicas
 * </pre>
 */
final class Lineage {

	/** Before the body of a script on a topic. */
	private static final String BEFORE = """
			local life = table.remove(KEYS)
			local term, lineage, node = table.remove(ARGV), table.remove(ARGV), table.remove(ARGV)
			local own = redis.call('HMGET', life, 'L', 't', 'r', 'q', 'n:' .. node)
			if own[1] ~= lineage or own[2] ~= term or own[3] ~= '@SERVER@' then return {'closed'} end
			if not own[5] then return {'gone'} end
			local mark = own[4]
			local function marked()
			  mark = redis.call('HINCRBY', life, 'q', 1)
			end
			local function main()
			""";

	private static final String AFTER = """

			end
			local result = main()
			return {'open', string.format('%.0f', mark), result}
			""";

	/**
	 * Compares, joins, renews. Arguments: node; lineage, term and mark that it has relied
	 * on, the lineage empty when there is none; the life that it was opened for or has
	 * promised itself to; a candidate for a lineage; how long the comparison may take and
	 * a lease, ms; 1 if the replicas have not confirmed that it has joined; 1 if it has
	 * promised itself so recently that it must not take part elsewhere. Answer:
	 * {@code open}, lineage, term, life, and {@code was}, {@code joined} or
	 * {@code began}; or {@code wait} or {@code elsewhere} and the life.
	 */
	static final RedisScript TAKEOVER = new RedisScript("takeover", """
			local life, node = KEYS[1], ARGV[1]
			local lineage, term, mark, known = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
			local candidate, patience, lease = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])
			local stranger, bound = ARGV[9] == '1', ARGV[10] == '1'
			local here = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
			if bound and known ~= here then return {'elsewhere', here} end
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			local h, nodes, flat = {}, {}, redis.call('HGETALL', life)
			for i = 1, #flat, 2 do
			  local name = string.match(flat[i], '^n:(.+)$')
			  if name then nodes[name] = tonumber(flat[i + 1]) else h[flat[i]] = flat[i + 1] end
			end
			local others = false
			for name, at in pairs(nodes) do
			  if name ~= node and now - at <= lease then others = true end
			end
			local function join(how)
			  redis.call('HSET', life, 'n:' .. node, string.format('%d', now))
			  return {'open', h.L, h.t, here, how}
			end
			local function settle()
			  redis.call('HSET', life, 'L', h.L, 't', h.t, 'q', h.q, 'i', here, 'r', '@SERVER@')
			  redis.call('HDEL', life, 'w')
			  for name in pairs(nodes) do
			    redis.call('HDEL', life, 'o:' .. name)
			    redis.call('HSET', life, 'n:' .. name, string.format('%d', now))
			  end
			end
			local function begin()
			  if stranger and others then return {'wait', here} end
			  h.L, h.t, h.q = candidate, '1', '0'
			  settle()
			  return join('began')
			end
			if not h.L then return begin() end
			local open = h.i == here and h.r == '@SERVER@'
			if lineage == h.L then
			  if term > tonumber(h.t) or mark > tonumber(h.q) then return begin() end
			  if open and known ~= here and term == tonumber(h.t) then return begin() end
			elseif lineage ~= '' and not open then
			  return begin()
			end
			if open then
			  for name, at in pairs(nodes) do
			    if name ~= node and now - at > lease then redis.call('HDEL', life, 'n:' .. name) end
			  end
			  if stranger and nodes[node] and not others then return begin() end
			  return join(nodes[node] and 'was' or 'joined')
			end
			if known == here and nodes[node] then
			  redis.call('HSET', life, 'o:' .. node, here)
			  h['o:' .. node] = here
			end
			local some, all = false, true
			for name in pairs(nodes) do
			  some = true
			  if h['o:' .. name] ~= here then all = false end
			end
			if not some then return begin() end
			if all then
			  h.t = string.format('%d', h.t + 1)
			  settle()
			  return join(nodes[node] and 'was' or 'joined')
			end
			local since = h.w and string.match(h.w, '^' .. here .. ' (%d+)$')
			if not since then
			  redis.call('HSET', life, 'w', here .. ' ' .. string.format('%d', now))
			elseif now - since > patience then
			  return begin()
			end
			return {'wait', here}
			""");

	/** Leaves: what the node has relied on is before this in what replicas get. */
	static final RedisScript LEAVE = new RedisScript("leave", """
			local h = redis.call('HMGET', KEYS[1], 'L', 't', 'r')
			if h[1] == ARGV[2] and h[2] == ARGV[3] and h[3] == '@SERVER@' then
			  redis.call('HDEL', KEYS[1], 'n:' .. ARGV[1])
			end
			return 1
			""");

	/**
	 * Asked on a connection of its own before WAIT: who is the master here, and how many
	 * replicas are connected. It writes, so that WAIT waits for this and all before it.
	 */
	static final byte[] WHO = RedisLink.arg("""
			redis.call('HINCRBY', KEYS[1], 'c', 1)
			local info = redis.call('INFO', 'replication')
			return string.match(info, 'master_replid:(%x+)') .. ' ' .. string.match(info, 'connected_slaves:(%d+)')
			""");

	private static final Map<RedisScript, RedisScript> CONTINUING = new ConcurrentHashMap<>();

	private Lineage() {
	}

	/**
	 * The script on a topic in a fleet that continues. It has the partition's key as its
	 * last key, and node, lineage and term as its last arguments. It answers
	 * {@code closed} or {@code gone}, or {@code open}, the mark, and what the script
	 * itself answers.
	 */
	static RedisScript continuing(RedisScript script) {
		return CONTINUING.computeIfAbsent(script,
				(known) -> new RedisScript(known.name(), BEFORE + Numbering.continuing(known.text()) + AFTER));
	}

}
