package dev.realtime.spring.actuate;

import java.util.Arrays;
import java.util.List;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.lang.Nullable;

/**
 * {@link InspectionEndpoint} over HTTP with a page for browsers below it, at
 * {@code inspector}. The page is part of the endpoint, so whatever exposes, hides or
 * protects the endpoint does the same for the page.
 */
@EndpointWebExtension(endpoint = InspectionEndpoint.class)
public final class InspectionEndpointWebExtension {

	private static final String INSPECTOR = "inspector";

	private static final String SETTINGS = "settings";

	private final InspectionEndpoint endpoint;

	private final InspectorPage page;

	private final InspectorSettings settings;

	InspectionEndpointWebExtension(InspectionEndpoint endpoint, InspectorPage page, InspectorSettings settings) {
		this.endpoint = endpoint;
		this.page = page;
		this.settings = settings;
	}

	/**
	 * What the endpoint finds, or a file of the page.
	 * @return null, which is 404, if there is nothing of this name
	 */
	@ReadOperation
	public @Nullable Object find(@Selector(match = Selector.Match.ALL_REMAINING) String[] path, @Nullable String name,
			@Nullable String topic, @Nullable String after, @Nullable Boolean fleet) {
		if (!path[0].equals(INSPECTOR)) {
			return this.endpoint.find(path, name, topic, after, fleet);
		}
		List<String> file = Arrays.asList(path).subList(1, path.length);
		if (file.equals(List.of(SETTINGS))) {
			return this.settings.read();
		}
		return switch (file.size()) {
			case 0 -> this.page.file(InspectorPage.HTML);
			case 1 -> this.page.file(file.get(0));
			default -> null;
		};
	}

}
