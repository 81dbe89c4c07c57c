package dev.realtime.presence;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Topic;

/** What a listener was asked to publish. */
public final class RecordedEvents extends PublishedEvents implements Presence.Listener {

	private final Map<Topic, List<String>> events = new ConcurrentHashMap<>();

	private volatile boolean failing;

	/** From now on nothing can be published, or everything again. */
	public void fail(boolean failing) {
		this.failing = failing;
	}

	@Override
	public CompletionStage<?> onEvent(Topic topic, PresenceEvent event) {
		if (this.failing) {
			return CompletableFuture.failedStage(new IllegalStateException("refused"));
		}
		this.events.computeIfAbsent(topic, (key) -> new CopyOnWriteArrayList<>()).add(read(event.content()));
		return CompletableFuture.completedStage(null);
	}

	@Override
	public List<String> on(Topic topic) {
		return this.events.getOrDefault(topic, List.of());
	}

}
