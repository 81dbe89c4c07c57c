package dev.realtime.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Loads a script with the {@code run_id} of the server that it is loaded on. */
final class ScriptLoader {

	private final RedisLink link;

	ScriptLoader(RedisLink link) {
		this.link = link;
	}

	CompletionStage<RedisScript.Loaded> load(RedisScript script) {
		return server().thenCompose((server) -> loadOn(server, script));
	}

	/** Asks again afterwards: the server may have changed between the two commands. */
	private CompletionStage<RedisScript.Loaded> loadOn(String server, RedisScript script) {
		RedisScript.Loaded fresh = script.on(server, this.link.publishCommand());
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
			throw new IllegalStateException("Redis does not tell its run_id in INFO server");
		});
	}

}
