package dev.realtime.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Loads a script with the {@code run_id} of the server that it is loaded on. One of
 * several independent servers is claimed before.
 */
final class ScriptLoader {

	private final RedisLink link;

	private final @Nullable ShardClaim claim;

	ScriptLoader(RedisLink link, @Nullable ShardClaim claim) {
		this.link = link;
		this.claim = claim;
	}

	CompletionStage<RedisScript.Loaded> load(RedisScript script) {
		ShardClaim shard = this.claim;
		return ((shard != null) ? shard.make(this.link) : CompletableFuture.<Void>completedStage(null))
			.thenCompose((claimed) -> server())
			.thenCompose((server) -> loadOn(server, script));
	}

	/** Asks again afterwards: the server may have changed between the two commands. */
	private CompletionStage<RedisScript.Loaded> loadOn(String server, RedisScript script) {
		RedisScript.Loaded fresh = script.on(server, this.link.publishCommand(),
				(this.claim != null) ? this.claim.key() : null);
		return this.link.run("SCRIPT LOAD", (redis) -> redis.scriptLoad(RedisLink.arg(fresh.source())))
			.thenCompose((sha) -> server())
			.thenCompose((now) -> now.equals(server) ? CompletableFuture.completedStage(fresh) : loadOn(now, script));
	}

	private CompletionStage<String> server() {
		return this.link.run("INFO", (redis) -> redis.info("server")).thenApply((info) -> {
			for (String line : info.split("\r?\n", -1)) {
				if (line.startsWith("run_id:")) {
					return line.substring("run_id:".length()).trim();
				}
			}
			throw new IllegalStateException("The INFO server reply of Redis has no run_id");
		});
	}

}
