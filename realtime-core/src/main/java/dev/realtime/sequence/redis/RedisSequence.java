package dev.realtime.sequence.redis;

import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.RedisScript;
import dev.realtime.sequence.SequenceService;

/**
 * Numbers given by Redis, from the numbering hash that publishing uses too; a number
 * taken here is counted as void beside it. Fails as
 * {@link dev.realtime.redis.RedisLink#eval} does; a failed {@link #next} may have taken a
 * number.
 */
public final class RedisSequence implements SequenceService {

	private static final RedisScript NEXT = Numbering.script("next", """
			local epoch = numbering()
			redis.call('HINCRBY', KEYS[1], 'v', 1)
			return epoch .. ' ' .. text(take())
			""");

	private final Numbering numbering;

	/** A sequence on the given numbering. */
	public RedisSequence(Numbering numbering) {
		this.numbering = numbering;
	}

	@Override
	public CompletionStage<Position> next(Topic topic) {
		return this.numbering.evalPosition(NEXT, topic);
	}

	@Override
	public CompletionStage<Position> current(Topic topic) {
		return this.numbering.current(topic);
	}

}
