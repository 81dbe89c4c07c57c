package dev.realtime.spring.actuate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.util.StringUtils;

/**
 * Tells the inspector's page which commands it may offer, and what it must send with
 * them. Whether the user of the page may carry them out is decided by the endpoint of the
 * commands.
 */
final class InspectorSettings {

	private static final EndpointId INSPECTION = EndpointId.of("realtime");

	private static final EndpointId SESSIONS = EndpointId.of("realtimesessions");

	/** Asked late: it finds the endpoint whose page this is for. */
	private final ObjectProvider<WebEndpointsSupplier> endpoints;

	private final ObjectProvider<CsrfHeader> csrf;

	InspectorSettings(ObjectProvider<WebEndpointsSupplier> endpoints, ObjectProvider<CsrfHeader> csrf) {
		this.endpoints = endpoints;
		this.csrf = csrf;
	}

	/**
	 * Returns {@code sessions}, the path of the endpoint of commands as seen from the
	 * page, and {@code csrf}. Both are missing if that endpoint, or its write operations,
	 * are not exposed.
	 */
	Map<String, Object> read() {
		Map<String, Object> settings = new LinkedHashMap<>();
		Collection<ExposableWebEndpoint> exposed = this.endpoints.getObject().getEndpoints();
		ExposableWebEndpoint inspection = find(exposed, INSPECTION);
		ExposableWebEndpoint sessions = find(exposed, SESSIONS);
		if (inspection != null && sessions != null && has(sessions, WebEndpointHttpMethod.POST)
				&& has(sessions, WebEndpointHttpMethod.DELETE)) {
			settings.put("sessions", path(inspection.getRootPath(), sessions.getRootPath()));
			CsrfHeader header = this.csrf.getIfAvailable();
			Map<String, String> token = (header != null) ? header.ofThisRequest() : null;
			if (token != null) {
				settings.put("csrf", token);
			}
		}
		return settings;
	}

	private static @Nullable ExposableWebEndpoint find(Collection<ExposableWebEndpoint> exposed, EndpointId id) {
		return exposed.stream().filter((endpoint) -> endpoint.getEndpointId().equals(id)).findFirst().orElse(null);
	}

	private static boolean has(ExposableWebEndpoint endpoint, WebEndpointHttpMethod method) {
		return endpoint.getOperations()
			.stream()
			.anyMatch((operation) -> operation.getRequestPredicate().getHttpMethod() == method);
	}

	/**
	 * The page is one level below its endpoint, whose path may have several. A path that
	 * was set may begin with a slash.
	 */
	private static String path(String inspection, String sessions) {
		int levels = StringUtils.countOccurrencesOf(relative(inspection), "/") + 1;
		return "../".repeat(levels) + relative(sessions);
	}

	private static String relative(String path) {
		return StringUtils.trimLeadingCharacter(path, '/');
	}

}
