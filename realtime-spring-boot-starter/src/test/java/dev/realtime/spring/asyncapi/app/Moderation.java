package dev.realtime.spring.asyncapi.app;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.spring.publisher.TopicPublisher;

/** A bean whose returned values are published. */
public class Moderation {

	@TopicPublisher("warnings.{payload.level.name}")
	public CompletionStage<Warning> warn(String text) {
		return CompletableFuture.completedFuture(new Warning(new Level("high"), text));
	}

	/** A warning. */
	public record Warning(Level level, String text) {
	}

	/** How bad it is. */
	public record Level(String name) {
	}

}
