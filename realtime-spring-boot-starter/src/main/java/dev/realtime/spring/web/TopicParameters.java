package dev.realtime.spring.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.servlet.HandlerMapping;

/**
 * Reads the names of topics from a request. The address itself is read, not the
 * parameters of Spring MVC: those are split at commas and may be trimmed, and a name may
 * contain either.
 */
final class TopicParameters {

	private static final String NAME = "topic";

	private TopicParameters() {
	}

	/**
	 * Returns the one topic that the request is about: the name in its path, or
	 * {@code ?topic=}.
	 * @throws RequestRefusedException when there is none, or more than one
	 */
	static String one(HttpServletRequest request) {
		if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> path
				&& path.get(NAME) instanceof String name) {
			return name;
		}
		List<String> names = all(request);
		if (names.size() != 1) {
			throw RequestRefusedException.badRequest("name one topic, as ?topic=room.42");
		}
		return names.get(0);
	}

	/**
	 * Returns every {@code ?topic=} of the request, in their order.
	 * @throws RequestRefusedException when one is not encoded as a URL must be
	 */
	static List<String> all(HttpServletRequest request) {
		List<String> names = new ArrayList<>(1);
		String query = request.getQueryString();
		if (query == null) {
			return names;
		}
		for (String part : query.split("&", -1)) {
			int equals = part.indexOf('=');
			if (equals >= 0 && decoded(part.substring(0, equals)).equals(NAME)) {
				names.add(decoded(part.substring(equals + 1)));
			}
		}
		return names;
	}

	private static String decoded(String text) {
		try {
			return URLDecoder.decode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw RequestRefusedException.badRequest("the query is not encoded as a URL must be");
		}
	}

}
