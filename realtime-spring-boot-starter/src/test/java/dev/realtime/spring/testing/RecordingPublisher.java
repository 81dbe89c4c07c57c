package dev.realtime.spring.testing;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import org.jspecify.annotations.Nullable;

/** Keeps what is published, and fails or hangs when told to. */
public final class RecordingPublisher implements RealtimePublisher {

	private final List<Publication> published = new CopyOnWriteArrayList<>();

	private volatile @Nullable Throwable failure;

	private volatile boolean silent;

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication) {
		Throwable known = this.failure;
		if (known != null) {
			return CompletableFuture.failedFuture(known);
		}
		this.published.add(publication);
		return this.silent ? new CompletableFuture<>() : CompletableFuture.completedFuture(
				new PublishReceipt(publication.topic(), new Position("E", this.published.size()), 0, false));
	}

	/** From now on publishing fails. */
	public void failWith(@Nullable Throwable failure) {
		this.failure = failure;
	}

	/** From now on there is no answer. */
	public void fallSilent() {
		this.silent = true;
	}

	/** All that was published. */
	public List<Publication> published() {
		return this.published;
	}

	/** "topic: payload" of all that was published. */
	public List<String> lines() {
		return this.published.stream()
			.map((publication) -> publication.topic() + ": " + publication.content().text())
			.toList();
	}

}
