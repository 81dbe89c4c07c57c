package dev.realtime.spring.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import org.jspecify.annotations.Nullable;

/** The log of one topic in epoch E, whose first kept number can be chosen. */
public final class FakeLog implements TopicLog {

	private final List<TopicMessage> messages = new ArrayList<>();

	private long first = 1;

	private @Nullable Throwable failure;

	private boolean silent;

	/** Adds the next message. */
	public void add(Content content) {
		Position position = new Position("E", this.messages.size() + 1L);
		this.messages.add(new TopicMessage(Topic.of("room.42"), position, 1000, null, content, null, 0));
	}

	/** Forgets everything before. */
	public void keepFrom(long first) {
		this.first = first;
	}

	/** From now on every read fails. */
	public void failWith(Throwable failure) {
		this.failure = failure;
	}

	/** From now on nobody is told a position. */
	public void neverAnswer() {
		this.silent = true;
	}

	@Override
	public CompletionStage<List<Position>> heads(List<Topic> topics) {
		if (this.silent) {
			return new CompletableFuture<>();
		}
		return (this.failure != null) ? CompletableFuture.failedFuture(this.failure)
				: CompletableFuture.completedFuture(topics.stream().map((topic) -> head()).toList());
	}

	@Override
	public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
		if (!after.sameEpoch(head())) {
			return answer(new LogPage.Lost(LogPage.Reason.EPOCH_CHANGED, head(), this.first));
		}
		if (after.seq() + 1 < this.first) {
			return answer(new LogPage.Lost(LogPage.Reason.EXPIRED, head(), this.first));
		}
		return page(after.seq() + 1, Math.min(after.seq() + limit, head().seq()), after.seq() + limit < head().seq());
	}

	@Override
	public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
		if (before != null && !before.sameEpoch(head())) {
			return answer(new LogPage.Lost(LogPage.Reason.EPOCH_CHANGED, head(), this.first));
		}
		long last = (before != null) ? Math.min(before.seq() - 1, head().seq()) : head().seq();
		long from = Math.max(this.first, last - limit + 1);
		return page(from, last, from > this.first);
	}

	private CompletionStage<LogPage> page(long from, long to, boolean more) {
		List<TopicMessage> found = this.messages.stream()
			.filter((message) -> message.seq() >= from && message.seq() <= to)
			.toList();
		return answer(new LogPage.Found(found, head().withSeq(to), head(), more));
	}

	private CompletionStage<LogPage> answer(LogPage page) {
		if (this.silent) {
			return new CompletableFuture<>();
		}
		return (this.failure != null) ? CompletableFuture.failedFuture(this.failure)
				: CompletableFuture.completedFuture(page);
	}

	private Position head() {
		return new Position("E", this.messages.size());
	}

}
