package dev.realtime.redis;

/**
 * What makes sure that a partition is on one of several independent servers at a time,
 * whatever lists the nodes have. Each server keeps which partitions it has, and since
 * which generation of the list:
 *
 * <pre>
 * rt:shards   hash   generation, list, name = that of the server in the list,
 *                    before = the list before, taken = when the generation began there, in ms;
 *                    TAG = generation since which the server has the partition of that tag,
 *                    and "-" likewise for keys of the whole fleet
 * </pre>
 *
 * Every script looks there before anything else, in the same step. On a server that does
 * not have the partition it changes nothing and answers {@code ELSEWHERE}. The generation
 * is a part of the server's life (see {@link RedisLink}): when a partition comes back to
 * a server after it was elsewhere, what is left of it there is of another life. So its
 * topics begin new epochs, and nothing has to be deleted for that.
 * <p>
 * A node {@linkplain #CLAIM claims} a server for its list before it runs a script there.
 * A partition that the server had in the generation just before keeps its life. Any other
 * begins one, also where generations were skipped, since it may have been elsewhere
 * meanwhile.
 */
final class ShardFence {

	/** What a script answers on a server that does not have the partition. */
	static final String ELSEWHERE = "ELSEWHERE";

	private static final String LOOK = """
			local shard_tag = KEYS[1] and (string.match(KEYS[1], '^[^{]*{([^}]*)}') or '-')
			local shard_since = shard_tag and redis.call('HGET', '@SHARDS@', shard_tag)
			if shard_tag and not shard_since then
			  return redis.error_reply('ELSEWHERE this server does not have the partition ' .. shard_tag)
			end
			local shard_life = '@SERVER@/' .. (shard_since or '')
			""";

	/**
	 * KEYS[1] rt:shards; ARGV generation, list, name, 1 to change nothing, tags. Answers
	 * what is wrong, or else "ours", how many partitions came, how many went, the list
	 * before, and for how many ms the generation is in force.
	 */
	static final String CLAIM = """
			if not redis.REDIS_VERSION_NUM then return { 'old' } end
			if string.find(redis.call('INFO', 'cluster'), 'cluster_enabled:1', 1, true) then return { 'cluster' } end
			local known = redis.call('HMGET', KEYS[1], 'generation', 'list', 'name', 'before', 'taken')
			local generation, mine = tonumber(known[1] or 0), tonumber(ARGV[1])
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			if generation > mine then return { 'newer', known[1], known[2] } end
			if generation == mine then
			  if known[2] ~= ARGV[2] then return { 'other', known[1], known[2] } end
			  if known[3] ~= ARGV[3] then return { 'twice', known[3] } end
			end
			if ARGV[4] == '1' then return { 'look' } end
			local came, went, before, taken = 0, 0, known[4] or '', tonumber(known[5] or now)
			if generation < mine then
			  local stays = {}
			  if generation == mine - 1 then
			    for i = 5, #ARGV do stays[ARGV[i]] = true end
			  end
			  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
			    if not stays[field] then
			      redis.call('HDEL', KEYS[1], field)
			      if string.find(field, '.', 1, true) then went = went + 1 end
			    end
			  end
			  before, taken = known[2] or '', now
			  redis.call('HSET', KEYS[1], 'generation', ARGV[1], 'list', ARGV[2], 'name', ARGV[3], 'before', before,
			      'taken', string.format('%.0f', now))
			end
			if redis.call('HLEN', KEYS[1]) ~= #ARGV - 4 + 5 then
			  for i = 5, #ARGV do
			    local new = redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[1])
			    if ARGV[i] ~= '-' then came = came + new end
			  end
			end
			return { 'ours', tostring(came), tostring(went), before, string.format('%.0f', now - taken) }
			""";

	private ShardFence() {
	}

	/**
	 * A script behind the fence; its texts {@code '@SERVER@'} name the partition's life.
	 */
	static String before(String script, String key) {
		return LOOK.replace("@SHARDS@", key) + script.replace("'@SERVER@'", "shard_life");
	}

}
