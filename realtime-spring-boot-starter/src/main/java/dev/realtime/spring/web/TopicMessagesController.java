package dev.realtime.spring.web;

import java.security.Principal;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.security.TopicAccess;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A topic's messages over HTTP: backfill from a position on ({@code epoch} and
 * {@code after}), history before one ({@code epoch} and {@code before}), or the latest
 * messages (neither).
 */
@RestController
@RequestMapping("${realtime.http.path:/realtime}")
public class TopicMessagesController {

	private final TopicLog log;

	private final ReadableTopics topics;

	private final int maxPage;

	private final Executor writers;

	/**
	 * Makes the controller.
	 * @param log where the messages are
	 * @param policies tells whether a topic has presence
	 * @param access who may read
	 * @param properties the largest page
	 * @param writers runs what writes documents
	 */
	public TopicMessagesController(TopicLog log, TopicPolicies policies, TopicAccess access, Destinations destinations,
			RealtimeProperties properties, Executor writers) {
		this.log = log;
		this.topics = new ReadableTopics(policies, access, destinations);
		this.maxPage = properties.http().maxPage();
		this.writers = writers;
	}

	/** 200 with a page, 410 when the range is gone, 400, 403 or 503. */
	@GetMapping({ "/topics/{topic}/messages", "/topics/messages" })
	CompletionStage<ResponseEntity<byte[]>> messages(
			@PathVariable(name = "topic", required = false) @Nullable String path, HttpServletRequest request,
			@RequestParam(name = "epoch", required = false) @Nullable String epoch,
			@RequestParam(name = "after", required = false) @Nullable String after,
			@RequestParam(name = "before", required = false) @Nullable String before,
			@RequestParam(name = "limit", required = false) @Nullable String limit, @Nullable Principal user) {
		return Answer.to(() -> {
			Topic topic = this.topics.find(user, TopicParameters.one(path, request));
			MessagesQuery query = MessagesQuery.parse(epoch, after, before, limit, this.maxPage);
			return query.read(this.log, topic).thenApply((page) -> new Read(topic, query, page));
		}, Read::answer, this.writers);
	}

	private record Read(Topic topic, MessagesQuery query, LogPage page) {

		ResponseEntity<byte[]> answer() {
			if (this.page instanceof LogPage.Lost lost) {
				return Answer.gone(lost);
			}
			LogPage.Found found = (LogPage.Found) this.page;
			return Answer.document(PageDocument.write(this.topic, found, this.query.backwards()));
		}

	}

}
