package dev.realtime.spring.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.spring.json.Json;
import dev.realtime.spring.json.JsonSyntax;
import dev.realtime.spring.unread.UnreadRefusedException;
import dev.realtime.spring.unread.UserUnread;
import dev.realtime.unread.Unread;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the user who asks has read and not read, over HTTP. */
@RestController
@RequestMapping("${realtime.http.path:/realtime}")
public class TopicUnreadController {

	/** Largest body of a request, in bytes. */
	private static final int MAX_BODY = 4_096;

	private final @Nullable UserUnread unread;

	/**
	 * Makes the controller.
	 * @param unread null where the log is not in a database: then there is nothing here
	 */
	public TopicUnreadController(@Nullable UserUnread unread) {
		this.unread = unread;
	}

	/** The user has read the topic up to the position in the body, or all of it. */
	@PostMapping("/topics/{topic}/read")
	CompletionStage<ResponseEntity<byte[]>> read(@PathVariable("topic") String topic, HttpServletRequest request,
			@Nullable Principal user) {
		return Answer.to(() -> refusing(() -> {
			Map<String, Object> body = body(request);
			return known(user).markRead(user, topic, epoch(body), seq(body));
		}), (marked) -> Answer.document(new Json(128).raw(UserUnread.json(marked))));
	}

	/** What the user has not read of the given topics. */
	@GetMapping("/unread")
	CompletionStage<ResponseEntity<byte[]>> unread(
			@RequestParam(name = "topic", required = false) @Nullable List<String> topics, @Nullable Principal user) {
		return Answer.to(() -> refusing(() -> known(user).unread(user, (topics != null) ? topics : List.of())),
				TopicUnreadController::document);
	}

	private UserUnread known(@Nullable Principal user) {
		if (this.unread == null) {
			throw (user == null) ? new RequestRefusedException(HttpStatus.UNAUTHORIZED, "Log in first")
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
			throw new RequestRefusedException(status, ex.sentence());
		}
	}

	private static ResponseEntity<byte[]> document(List<Unread> unread) {
		Json json = new Json(32 + unread.size() * 128).open('[');
		unread.forEach((each) -> json.raw(UserUnread.json(each)));
		return Answer.document(json.close(']'));
	}

	/** An empty body means an empty object. */
	private static Map<String, Object> body(HttpServletRequest request) {
		String type = (request.getContentType() != null) ? request.getContentType().toLowerCase(Locale.ROOT) : "";
		boolean form = type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/");
		if (form && request.getContentLengthLong() != 0) {
			// somebody else may have read it already: that must not mean an empty body
			throw malformed();
		}
		String text = text(request).strip();
		if (text.isEmpty()) {
			return Map.of();
		}
		if (!text.startsWith("{") || !JsonSyntax.isValid(text)) {
			throw malformed();
		}
		try {
			return JsonParserFactory.getJsonParser().parseMap(text);
		}
		catch (JsonParseException ex) {
			throw malformed();
		}
	}

	private static String text(HttpServletRequest request) {
		try {
			byte[] bytes = request.getInputStream().readNBytes(MAX_BODY + 1);
			if (bytes.length > MAX_BODY) {
				throw RequestRefusedException.badRequest("the body has at most " + MAX_BODY + " bytes");
			}
			return new String(bytes, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static @Nullable String epoch(Map<String, Object> body) {
		Object epoch = body.get("epoch");
		if (epoch != null && !(epoch instanceof String)) {
			throw RequestRefusedException.badRequest("epoch must be a string, as the last message had it");
		}
		return (String) epoch;
	}

	private static @Nullable Long seq(Map<String, Object> body) {
		Object seq = body.get("seq");
		if (seq != null && !((seq instanceof Integer || seq instanceof Long) && ((Number) seq).longValue() >= 0)) {
			throw RequestRefusedException.badRequest("seq must be a whole number from 0 up");
		}
		return (seq != null) ? (Long) ((Number) seq).longValue() : null;
	}

	private static RequestRefusedException malformed() {
		return RequestRefusedException
			.badRequest("the body must be a JSON object such as {\"epoch\":\"7QX2M0A9BC\",\"seq\":12}, sent as "
					+ "application/json, or empty for everything up to now");
	}

}
