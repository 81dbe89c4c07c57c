package dev.realtime.spring.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.json.Json;
import dev.realtime.log.BoundedReads;
import dev.realtime.log.TopicLog;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.presence.UserNames;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.json.JsonObject;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/** Who is on a topic, over HTTP. */
final class TopicPresenceResource implements HttpResource.Provider {

	/** Most members in an answer, and most users in a question. */
	private static final int MAX_USERS = 1_000;

	private final Presence presence;

	private final BoundedReads reads;

	private final TopicLog log;

	private final ReadableTopics topics;

	private final int maxBody;

	private final Executor writers;

	/**
	 * Makes the resource.
	 * @param presence knows the members
	 * @param reads bounds how much is read at once
	 * @param log knows the positions of their joins and leaves
	 * @param policies tells whether a topic has presence
	 * @param access who may read
	 * @param http how large a body may be
	 * @param writers runs what writes documents
	 */
	TopicPresenceResource(Presence presence, BoundedReads reads, TopicLog log, TopicPolicies policies,
			TopicAuthorization access, RealtimeProperties.Http http, Executor writers) {
		this.presence = presence;
		this.reads = reads;
		this.log = log;
		this.topics = new ReadableTopics(policies, access);
		this.maxBody = (int) http.maxBody().toBytes();
		this.writers = writers;
	}

	@Override
	public List<HttpResource> resources() {
		return List.of(HttpResource.get(List.of("/topics/{topic}/presence", "/topics/presence"), this::members),
				HttpResource.post(List.of("/presence/query"), this.maxBody, this::query));
	}

	/** The members, ordered by user, and how many there are in all. */
	private CompletionStage<StreamAnswer> members(ResourceRequest asked) {
		HttpServletRequest request = asked.http();
		return Answer.to(() -> {
			Topic topic = this.topics.findWithPresence(asked.user(), TopicParameters.one(request));
			String limit = request.getParameter("limit");
			int size = (limit != null && !limit.isBlank()) ? Numbers.parse("limit", limit, 1, MAX_USERS) : MAX_USERS;
			// First the position: what happens from now on is told after it.
			return this.reads.run(() -> position(topic).thenCompose((position) -> this.presence.members(topic, size)
				.thenCombine(this.presence.count(topic),
						(members, count) -> members(topic, position, members, count))));
		}, Answer::document, this.writers);
	}

	/** The position of joins and leaves; null where the topic's name allows none. */
	private CompletionStage<@Nullable Position> position(Topic topic) {
		if (!PresenceTopics.hasEvents(topic)) {
			return CompletableFuture.completedStage(null);
		}
		return this.log.peek(List.of(PresenceTopics.of(topic))).thenApply((heads) -> heads.get(0));
	}

	/** Which of the given users are on the topic. */
	private CompletionStage<StreamAnswer> query(ResourceRequest request) {
		return Answer.to(() -> {
			JsonObject body = body(request);
			Topic topic = this.topics.findWithPresence(request.user(), topic(body));
			Set<String> users = users(body);
			return this.reads.run(() -> this.presence.present(topic, users))
				.thenApply((present) -> present(topic, present));
		}, Answer::document, this.writers);
	}

	private static JsonObject body(ResourceRequest request) {
		if (!RequestBody.isJson(request.http())) {
			throw new RequestRefusedException(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
					"The body must be JSON: send Content-Type: application/json");
		}
		try {
			return JsonObject.parse(new String(request.body(), StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			throw RequestRefusedException
				.badRequest("the body must be a JSON object such as {\"topic\":\"room.42\",\"users\":[\"ada\"]}");
		}
	}

	private static String topic(JsonObject body) {
		try {
			String topic = body.string("topic");
			if (topic != null) {
				return topic;
			}
		}
		catch (IllegalArgumentException ex) {
			// Said below.
		}
		throw RequestRefusedException.badRequest("topic must be the name of a topic");
	}

	private static Set<String> users(JsonObject body) {
		List<String> names;
		try {
			names = body.strings("users", MAX_USERS);
		}
		catch (IllegalArgumentException ex) {
			names = null;
		}
		if (names == null) {
			throw RequestRefusedException.badRequest("users must be a list of at most " + MAX_USERS + " names");
		}
		for (String name : names) {
			if (!UserNames.isLegal(name)) {
				throw RequestRefusedException.badRequest(
						"users must be a list of names, strings of 1 to " + UserNames.MAX_LENGTH + " characters");
			}
		}
		return new TreeSet<>(names);
	}

	private static Json members(Topic topic, @Nullable Position position, List<Presence.Member> members, long count) {
		Json json = new Json(64 + members.size() * 48).open('{').optional("topic", topic.name());
		if (position != null) {
			json.optional("epoch", position.epoch()).name("seq").value(position.seq());
		}
		json.name("count").value(count).name("members").open('[');
		for (Presence.Member member : members) {
			json.open('{').optional("user", member.user()).name("connections").value(member.connections()).close('}');
		}
		return json.close(']').close('}');
	}

	private static Json present(Topic topic, Set<String> present) {
		Json json = new Json(64 + present.size() * 24).open('{').optional("topic", topic.name());
		json.name("present").open('[');
		new TreeSet<>(present).forEach(json::value);
		return json.close(']').close('}');
	}

}
