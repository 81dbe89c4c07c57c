package dev.realtime.spring.actuate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.Assert;
import org.springframework.util.MimeType;

/**
 * The files of the inspector's page, which are the same for everybody. They are not among
 * the static resources of the application, which anyone may read.
 */
final class InspectorPage {

	/** The page itself. */
	private static final String HTML = "inspector.html";

	private static final String SETTINGS = "settings";

	/** No other file is ever read. */
	private static final Map<String, MimeType> TYPES = Map.of(HTML, type("html"), "inspector.css", type("css"),
			"inspector.js", type("javascript"), "commands.js", type("javascript"), "elements.js", type("javascript"),
			"follow.js", type("javascript"), "requests.js", type("javascript"), "views.js", type("javascript"));

	private final Map<String, byte[]> files = new LinkedHashMap<>();

	private final InspectorSettings settings;

	InspectorPage(InspectorSettings settings) {
		this.settings = settings;
		TYPES.keySet().forEach((name) -> this.files.put(name, read(name)));
	}

	/** Returns what is at a path below the page, or null if there is nothing. */
	@Nullable Object find(List<String> path) {
		if (path.equals(List.of(SETTINGS))) {
			return this.settings.read();
		}
		return switch (path.size()) {
			case 0 -> file(HTML);
			case 1 -> file(path.get(0));
			default -> null;
		};
	}

	private @Nullable WebEndpointResponse<byte[]> file(String name) {
		byte[] content = this.files.get(name);
		return (content != null) ? new WebEndpointResponse<>(content, WebEndpointResponse.STATUS_OK, TYPES.get(name))
				: null;
	}

	private static MimeType type(String subtype) {
		return new MimeType("text", subtype, StandardCharsets.UTF_8);
	}

	private static byte[] read(String name) {
		try (InputStream file = InspectorPage.class.getResourceAsStream("inspector/" + name)) {
			Assert.state(file != null, () -> "The file " + name + " of the inspector is missing");
			return file.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
