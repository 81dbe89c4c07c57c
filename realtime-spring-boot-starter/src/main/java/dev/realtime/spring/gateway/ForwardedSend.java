package dev.realtime.spring.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.realtime.json.Json;
import dev.realtime.spring.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way between a gateway and a node, in either direction.
 *
 * @param sessionId the session at the gateway that it comes from or is for
 * @param user the name of that session's user, verified by the gateway, or null
 * @param authorities the user's
 * @param destination where it was sent
 * @param headers native headers
 * @param contentType or null
 * @param body not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record ForwardedSend(String sessionId, @Nullable String user, List<String> authorities, String destination,
		Map<String, List<String>> headers, @Nullable String contentType, byte[] body) {

	/** Most authorities of a user. */
	static final int MAX_AUTHORITIES = 1_000;

	/** Most headers, names and values together. */
	private static final int MAX_HEADERS = 2_000;

	String write() {
		Json json = new Json(256 + this.body.length).open('{').name("session").value(this.sessionId);
		json.optional("user", this.user).name("authorities").open('[');
		this.authorities.forEach(json::value);
		json.close(']').name("destination").value(this.destination).name("headers").open('[');
		this.headers.forEach((name, values) -> values.forEach((value) -> json.value(name).value(value)));
		json.close(']').optional("type", this.contentType);
		String text = text(this.body);
		if (text != null) {
			json.name("text").value(text);
		}
		else {
			json.name("bytes").value(Base64.getEncoder().encodeToString(this.body));
		}
		return json.close('}').toString();
	}

	/**
	 * Reads what {@link #write} wrote.
	 * @throws RuntimeException when it is something else
	 */
	static ForwardedSend read(String written) {
		JsonObject json = JsonObject.parse(written);
		Map<String, List<String>> headers = new LinkedHashMap<>();
		List<String> found = Objects.requireNonNull(json.strings("headers", MAX_HEADERS));
		for (int i = 0; i + 1 < found.size(); i += 2) {
			headers.computeIfAbsent(found.get(i), (name) -> new ArrayList<>()).add(found.get(i + 1));
		}
		String text = json.string("text");
		byte[] body = (text != null) ? text.getBytes(StandardCharsets.UTF_8)
				: Base64.getDecoder().decode(Objects.requireNonNull(json.string("bytes")));
		return new ForwardedSend(Objects.requireNonNull(json.string("session")), json.string("user"),
				Objects.requireNonNull(json.strings("authorities", MAX_AUTHORITIES)),
				Objects.requireNonNull(json.string("destination")), headers, json.string("type"), body);
	}

	private static @Nullable String text(byte[] body) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

}
