package dev.realtime.spring.actuate;

import java.util.Arrays;
import java.util.Map;

import dev.realtime.spring.inspect.BusyException;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.lang.Nullable;

/**
 * {@link InspectionEndpoint} over HTTP, where too many questions are 503. If the page for
 * browsers is switched on, it is below the endpoint, at {@code inspector}. The page is
 * part of the endpoint, so whatever exposes, hides or protects the endpoint does the same
 * for the page.
 */
@EndpointWebExtension(endpoint = InspectionEndpoint.class)
public final class InspectionEndpointWebExtension {

	private static final String INSPECTOR = "inspector";

	private final InspectionEndpoint endpoint;

	private final ObjectProvider<InspectorPage> page;

	InspectionEndpointWebExtension(InspectionEndpoint endpoint, ObjectProvider<InspectorPage> page) {
		this.endpoint = endpoint;
		this.page = page;
	}

	/** The nodes of the fleet. */
	@ReadOperation
	public @Nullable Object nodes(@Nullable Boolean fleet) {
		return answer(() -> this.endpoint.nodes(fleet));
	}

	/**
	 * What the endpoint finds, or a file of the page.
	 * @return null, which is 404, if there is nothing of this name
	 */
	@ReadOperation
	public @Nullable Object find(@Selector(match = Selector.Match.ALL_REMAINING) String[] path, @Nullable String name,
			@Nullable String topic, @Nullable String after, @Nullable Boolean fleet) {
		InspectorPage inspector = path[0].equals(INSPECTOR) ? this.page.getIfAvailable() : null;
		if (inspector != null) {
			return inspector.find(Arrays.asList(path).subList(1, path.length));
		}
		return answer(() -> this.endpoint.find(path, name, topic, after, fleet));
	}

	private static @Nullable Object answer(Question question) {
		try {
			return question.ask();
		}
		catch (BusyException ex) {
			return new WebEndpointResponse<>(Map.of("problem", String.valueOf(ex.getMessage())),
					WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
		}
	}

	@FunctionalInterface
	private interface Question {

		@Nullable
		Object ask();

	}

}
