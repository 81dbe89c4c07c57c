package dev.realtime.log.redis;

import dev.realtime.redis.Numbering;
import dev.realtime.redis.RedisScript;

/**
 * The scripts that read a topic's log. They see the numbering and the stream in one
 * instant, so a number without an entry is void, trimmed, or outlived its time.
 *
 * <pre>
 * ARGV[3], ARGV[4] epoch and seq of the position that is asked for, or two empty strings
 * ARGV[5] at most so many messages   ARGV[6] at most about so many bytes of blobs
 *
 * answer: "found", epoch, head, through, hasMore (1 or 0), then seq, timestamp, blob of each message
 *     or: reason, epoch, head, first kept
 * </pre>
 *
 * Streams are trimmed from their beginning only. So what follows a position is complete
 * if the first entry after it is its direct successor, or names (field p) a predecessor
 * that is not after the position.
 */
final class LogScripts {

	/**
	 * Most entries that are looked at in one call, should all have outlived their time.
	 */
	private static final int BUDGET = 10_000;

	private static final String COMMON = """
			local epoch, head, voids = numbering(true)
			local limit, room, budget = tonumber(ARGV[5]), tonumber(ARGV[6]), %d
			local now = tonumber(clock())
			local page = {'found', epoch, head, head, 0}
			local count = 0
			local function lost(reason, first)
			  if not first then
			    local kept = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
			    first = kept[1] and tonumber(string.match(kept[1][1], '^%%d+')) or head + 1
			  end
			  return {reason, epoch, head, first}
			end
			local function fields(entry)
			  local f = {seq = tonumber(string.match(entry[1], '^%%d+'))}
			  for i = 1, #entry[2], 2 do f[entry[2][i]] = entry[2][i + 1] end
			  return f
			end
			-- answers whether the page is full; looks at the time before the room
			local function take(f)
			  if not (f.x and tonumber(f.x) <= now) then
			    if count == limit or (count > 0 and #f.m > room) then return true end
			    local n = #page
			    page[n + 1], page[n + 2], page[n + 3] = f.seq, f.t, f.m
			    count, room = count + 1, room - #f.m
			  end
			  budget = budget - 1
			  return false
			end
			""".formatted(BUDGET);

	/** Reads what follows a position. */
	static final RedisScript READ = Numbering.script("read", COMMON + """
			local after = tonumber(ARGV[4])
			local begins = ARGV[3] ~= epoch and after == 0 and ARGV[3] == none()
			if (ARGV[3] ~= epoch and not begins) or after > head then return lost('epoch-changed') end
			local from = after + 1
			repeat
			  local chunk = math.min(limit + 1, 64)
			  local entries = redis.call('XRANGE', KEYS[2], text(from) .. '-0', '+', 'COUNT', chunk)
			  for _, entry in ipairs(entries) do
			    local f = fields(entry)
			    if from == after + 1 and f.seq > from and tonumber(f.p or f.seq - 1) > after then
			      return lost('expired', f.seq)
			    end
			    if take(f) then
			      page[4], page[5] = f.seq - 1, 1
			      return page
			    end
			    from = f.seq + 1
			  end
			  if budget <= 0 then
			    page[4], page[5] = from - 1, from <= head and 1 or 0
			    return page
			  end
			until #entries < chunk
			if from == after + 1 and head - voids > after then return lost('expired', head + 1) end
			return page
			""");

	/** Reads what precedes a position; newest first. */
	static final RedisScript READ_BEFORE = Numbering.script("read before", COMMON + """
			if ARGV[3] ~= '' and ARGV[3] ~= epoch then return lost('epoch-changed') end
			local from = head
			if ARGV[4] ~= '' then from = math.max(0, math.min(head, ARGV[4] - 1)) end
			page[4] = from
			repeat
			  local chunk = math.min(limit + 1, 64)
			  local entries = redis.call('XREVRANGE', KEYS[2], text(from) .. '-0', '-', 'COUNT', chunk)
			  for _, entry in ipairs(entries) do
			    local f = fields(entry)
			    if take(f) then
			      page[5] = 1
			      return page
			    end
			    from = f.seq - 1
			  end
			until #entries < chunk or from < 0 or budget <= 0
			if budget <= 0 and count > 0 then page[5] = 1 end
			return page
			""");

	private LogScripts() {
	}

}
