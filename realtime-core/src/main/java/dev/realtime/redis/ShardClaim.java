package dev.realtime.redis;

import java.util.concurrent.CompletionStage;

/**
 * A node's claim on one independent server.
 *
 * @param claims of all servers
 * @param name of this one
 */
record ShardClaim(ShardClaims claims, String name) {

	/** The key in which the server keeps what it has. */
	String key() {
		return this.claims.key();
	}

	/** Why the server does not have a partition, although this node's list says so. */
	RedisRefusedException refusal(Throwable answer) {
		String newer = this.claims.newer();
		return new RedisRefusedException(
				(newer != null) ? newer
						: "The Redis at " + this.name + " does not have this partition yet; trying again",
				false, answer);
	}

	/** As {@link ShardClaims#claim}. */
	CompletionStage<Void> make(RedisLink link) {
		return this.claims.claim(this.name, link);
	}

}
