package dev.realtime.spring.web;

import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicies;
import dev.realtime.json.Json;
import dev.realtime.log.BoundedReads;
import dev.realtime.log.TopicLog;
import dev.realtime.spring.Incident;
import dev.realtime.spring.publisher.JsonConverter;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.snapshot.Snapshot;
import dev.realtime.spring.snapshot.SnapshotProvider;
import dev.realtime.spring.stream.StreamAnswer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;

/**
 * A topic's state and the position at which it stands, over HTTP. Application code makes
 * the state, and may block: so the request's own thread waits, and no other.
 */
final class TopicSnapshotResource implements HttpResource.Provider {

	private static final Logger logger = LoggerFactory.getLogger(TopicSnapshotResource.class);

	private final TopicLog log;

	private final ReadableTopics topics;

	private final List<Known> providers;

	private final JsonConverter converter;

	private final Duration patience;

	/**
	 * Makes the resource.
	 * @param log knows the positions
	 * @param policies tells whether a topic has presence
	 * @param access who may read
	 * @param providers in their order
	 * @param patience how long the log may take
	 */
	TopicSnapshotResource(TopicLog log, TopicPolicies policies, TopicAuthorization access,
			List<SnapshotProvider<?>> providers, JsonConverter converter, Duration patience) {
		this.log = log;
		this.topics = new ReadableTopics(policies, access);
		this.providers = providers.stream().map((provider) -> new Known(provider.pattern(), provider)).toList();
		this.converter = converter;
		this.patience = patience;
	}

	@Override
	public List<HttpResource> resources() {
		return List.of(HttpResource.get(List.of("/topics/{topic}/snapshot", "/topics/snapshot"),
				(request) -> CompletableFuture.completedStage(snapshot(request))));
	}

	/** 200 with state and position; 404 where nobody knows the topic's state. */
	private StreamAnswer snapshot(ResourceRequest request) {
		Principal user = request.user();
		try {
			Topic topic = this.topics.find(request);
			SnapshotProvider<?> provider = provider(topic);
			// First the position: what is published from now on is replayed.
			Position before = position(topic);
			return answer(topic, before, provider, user);
		}
		catch (RequestRefusedException ex) {
			return Answer.refused(ex);
		}
		catch (ExecutionException ex) {
			return (ex.getCause() instanceof BoundedReads.RefusedException) ? Answer.overloaded()
					: Answer.unavailable(Objects.requireNonNullElse(ex.getCause(), ex));
		}
		catch (TimeoutException ex) {
			return Answer.unavailable(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Answer.unavailable(ex);
		}
	}

	private SnapshotProvider<?> provider(Topic topic) {
		for (Known known : this.providers) {
			if (known.pattern().matches(topic)) {
				return known.provider();
			}
		}
		throw none(topic);
	}

	private Position position(Topic topic) throws InterruptedException, ExecutionException, TimeoutException {
		return this.log.peek(List.of(topic))
			.toCompletableFuture()
			.get(this.patience.toMillis(), TimeUnit.MILLISECONDS)
			.get(0);
	}

	private StreamAnswer answer(Topic topic, Position before, SnapshotProvider<?> provider, @Nullable Principal user) {
		Snapshot<?> snapshot;
		String state;
		try {
			snapshot = provider.snapshot(topic, user);
			state = (snapshot != null) ? this.converter.json(snapshot.state()) : "null";
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			throw refusal(topic, ex);
		}
		if (snapshot == null) {
			throw none(topic);
		}
		Position position = Objects.requireNonNullElse(snapshot.position(), before);
		Json json = new Json(128 + state.length()).open('{').optional("topic", topic.name());
		json.optional("epoch", position.epoch()).name("seq").value(position.seq());
		return Answer.document(json.name("state").raw(state).close('}'));
	}

	/** What the application means to say is said, and nothing else. */
	private static RequestRefusedException refusal(Topic topic, Throwable ex) {
		HttpStatus status = (ex instanceof ErrorResponse meant) ? HttpStatus.resolve(meant.getStatusCode().value())
				: null;
		if (ex instanceof ErrorResponse meant && status != null) {
			String detail = meant.getBody().getDetail();
			return new RequestRefusedException(status, (detail != null) ? detail : status.getReasonPhrase());
		}
		return new RequestRefusedException(HttpStatus.INTERNAL_SERVER_ERROR,
				Incident.log(logger, "the snapshot of \"" + topic + "\" could not be made", ex));
	}

	private static RequestRefusedException none(Topic topic) {
		return new RequestRefusedException(HttpStatus.NOT_FOUND, "Topic \"" + topic + "\" has no snapshot");
	}

	private record Known(TopicPattern pattern, SnapshotProvider<?> provider) {
	}

}
