package dev.realtime.spring.webhook;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One request to the receiver of a webhook. */
@FunctionalInterface
interface Post {

	/**
	 * Sends the request; does not block.
	 * @return the answer, or a failure, on any thread; cancelling it ends the request
	 */
	CompletableFuture<Answer> post(Map<String, String> headers, byte[] body);

}
