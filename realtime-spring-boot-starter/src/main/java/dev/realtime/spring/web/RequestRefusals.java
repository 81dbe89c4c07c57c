package dev.realtime.spring.web;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import dev.realtime.spring.audit.Client;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * Reports requests that are refused. What takes note of them is looked up when there is
 * something to report.
 */
final class RequestRefusals {

	private RequestRefusals() {
	}

	/** Reports the answer if it refuses something. On the request's own thread. */
	static void report(HttpServletRequest request, StreamAnswer answer) {
		if (answer.refusal() != null) {
			report(RequestContextUtils.findWebApplicationContext(request), client(request), answer);
		}
	}

	/**
	 * Reports the answer if it refuses something.
	 * @param context the application's; null where it is not known
	 */
	static void report(@Nullable ApplicationContext context, Client client, StreamAnswer answer) {
		String word = answer.refusal();
		SecurityEvents events = (word != null && context != null)
				? context.getBeanProvider(SecurityEvents.class).getIfAvailable() : null;
		if (events != null && word != null) {
			events.refused(Door.HTTP, word, client);
		}
	}

	/** Returns who asks; on the request's own thread. */
	static Client client(HttpServletRequest request) {
		Principal user = request.getUserPrincipal();
		return new Client((user != null) ? user.getName() : null, null, request.getRemoteAddr(), topic(request));
	}

	private static @Nullable String topic(HttpServletRequest request) {
		if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> path
				&& path.get("topic") instanceof String name) {
			return name;
		}
		try {
			List<String> names = TopicParameters.all(request);
			return names.isEmpty() ? null : names.get(0);
		}
		catch (RequestRefusedException ex) {
			return null;
		}
	}

}
