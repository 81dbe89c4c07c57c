package dev.realtime.spring.web;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.http.HttpServletRequest;

/**
 * A topic's messages over HTTP: backfill from a position on ({@code epoch} and
 * {@code after}), history before one ({@code epoch} and {@code before}), or the latest
 * messages (neither).
 */
final class TopicMessagesResource implements HttpResource.Provider {

	private final TopicLog log;

	private final ReadableTopics topics;

	private final int maxPage;

	private final Executor writers;

	/**
	 * Makes the resource.
	 * @param log where the messages are
	 * @param policies tells whether a topic has presence
	 * @param access who may read
	 * @param properties the largest page
	 * @param writers runs what writes documents
	 */
	TopicMessagesResource(TopicLog log, TopicPolicies policies, TopicAuthorization access,
			RealtimeProperties properties, Executor writers) {
		this.log = log;
		this.topics = new ReadableTopics(policies, access);
		this.maxPage = properties.http().maxPage();
		this.writers = writers;
	}

	@Override
	public List<HttpResource> resources() {
		return List.of(HttpResource.get(List.of("/topics/{topic}/messages", "/topics/messages"), this::messages,
				(request) -> MessagesQuery.size(request.getParameter("limit"), this.maxPage)));
	}

	/** 200 with a page, 410 when the range is gone, 400, 403 or 503. */
	private CompletionStage<StreamAnswer> messages(ResourceRequest asked) {
		HttpServletRequest request = asked.http();
		return Answer.to(() -> {
			Topic topic = this.topics.find(asked);
			MessagesQuery query = MessagesQuery.parse(request.getParameter("epoch"), request.getParameter("after"),
					request.getParameter("before"), request.getParameter("limit"), this.maxPage);
			return query.read(this.log, topic).thenApply((page) -> new Read(topic, query, page));
		}, Read::answer, this.writers);
	}

	private record Read(Topic topic, MessagesQuery query, LogPage page) {

		StreamAnswer answer() {
			if (this.page instanceof LogPage.Lost lost) {
				return Answer.gone(lost);
			}
			LogPage.Found found = (LogPage.Found) this.page;
			return Answer.document(PageDocument.write(this.topic, found, this.query.backwards()));
		}

	}

}
