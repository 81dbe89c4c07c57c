package dev.realtime.spring.web;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import dev.realtime.json.Json;
import dev.realtime.spring.json.JsonObject;
import dev.realtime.spring.stream.StreamCall;
import dev.realtime.spring.unread.UnreadRefusedException;
import dev.realtime.spring.unread.UserUnread;
import dev.realtime.unread.Unread;
import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/** What the user who asks has read and not read, over HTTP. */
final class TopicUnreadResource implements HttpResource.Provider {

	/** Largest body of a request, in bytes. */
	private static final int MAX_BODY = 4_096;

	private final @Nullable UserUnread unread;

	private final Executor writers;

	/**
	 * Makes the resource.
	 * @param unread null where the log is not in a database: then there is nothing here
	 * @param writers runs what writes documents
	 */
	TopicUnreadResource(@Nullable UserUnread unread, Executor writers) {
		this.unread = unread;
		this.writers = writers;
	}

	@Override
	public List<HttpResource> resources() {
		return List.of(HttpResource.post(List.of("/topics/{topic}/read", "/topics/read"), MAX_BODY, this::read),
				HttpResource.get(List.of("/unread"), this::unread));
	}

	/** The user has read the topic up to the position in the body, or all of it. */
	private CompletionStage<StreamAnswer> read(ResourceRequest request) {
		Principal user = request.user();
		return Answer.to(() -> refusing(() -> {
			UserUnread known = known(user);
			String topic = TopicParameters.one(request.http());
			known.check(user, topic);
			JsonObject body = body(request);
			return known.markRead(user, topic, epoch(body), seq(body));
		}), (marked) -> Answer.document(new Json(128).raw(UserUnread.json(marked))), this.writers);
	}

	/** What the user has not read of the given topics. */
	private CompletionStage<StreamAnswer> unread(ResourceRequest request) {
		Principal user = request.user();
		return Answer.to(() -> refusing(() -> known(user).unread(user, TopicParameters.all(request.http()))),
				TopicUnreadResource::document, this.writers);
	}

	private UserUnread known(@Nullable Principal user) {
		if (this.unread == null) {
			throw (user == null) ? new RequestRefusedException(HttpStatus.UNAUTHORIZED, "no-user", "Log in first")
					: new RequestRefusedException(HttpStatus.NOT_FOUND,
							"Read positions are kept in the log's database only: the service needs realtime.log=jdbc");
		}
		return this.unread;
	}

	private static <T> CompletionStage<T> refusing(Supplier<CompletionStage<T>> work) {
		try {
			return work.get();
		}
		catch (UnreadRefusedException ex) {
			HttpStatus status = switch (ex.reason()) {
				case NO_USER -> HttpStatus.UNAUTHORIZED;
				case MALFORMED -> HttpStatus.BAD_REQUEST;
				case NO_ACCESS -> HttpStatus.FORBIDDEN;
				case NOT_KEPT -> HttpStatus.NOT_FOUND;
			};
			throw new RequestRefusedException(status, ex.word(), ex.sentence());
		}
	}

	private static StreamAnswer document(List<Unread> unread) {
		Json json = new Json(32 + unread.size() * 128).open('[');
		unread.forEach((each) -> json.raw(UserUnread.json(each)));
		return Answer.document(json.close(']'));
	}

	/** An empty body means an empty object. */
	private static JsonObject body(ResourceRequest request) {
		HttpServletRequest http = request.http();
		if (http.getContentLengthLong() != 0 && StreamCall.isForm(http.getContentType())) {
			throw malformed();
		}
		try {
			String text = new String(request.body(), StandardCharsets.UTF_8);
			return JsonObject.parse(text.isBlank() ? "{}" : text);
		}
		catch (IllegalArgumentException ex) {
			throw malformed();
		}
	}

	private static @Nullable String epoch(JsonObject body) {
		try {
			return body.string("epoch");
		}
		catch (IllegalArgumentException ex) {
			throw RequestRefusedException.badRequest("epoch must be a string, as the last message had it");
		}
	}

	private static @Nullable Long seq(JsonObject body) {
		try {
			return body.wholeNumber("seq");
		}
		catch (IllegalArgumentException ex) {
			throw RequestRefusedException.badRequest("seq must be a whole number from 0 up");
		}
	}

	private static RequestRefusedException malformed() {
		return RequestRefusedException
			.badRequest("the body must be a JSON object such as {\"epoch\":\"7QX2M0A9BC\",\"seq\":12}, sent as "
					+ "application/json, or empty for everything up to now");
	}

}
