package dev.realtime.spring.asyncapi;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.spring.AsyncApiProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The beginning of the document, as properties have it.
 *
 * @param properties the properties
 * @param applicationName the application's name, or null
 */
record DocumentHead(AsyncApiProperties properties, @Nullable String applicationName) {

	private static final String VERSION = "3.0.0";

	private static final String TITLE = "Realtime messages";

	Map<String, Object> create() {
		Map<String, Object> info = new LinkedHashMap<>();
		info.put("title", title());
		info.put("version", this.properties.version());
		if (this.properties.description() != null) {
			info.put("description", this.properties.description());
		}
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("asyncapi", VERSION);
		document.put("info", info);
		document.put("defaultContentType", "application/json");
		URI server = this.properties.server();
		if (server != null) {
			Map<String, Object> servers = new LinkedHashMap<>();
			servers.put("websocket", ServerAddress.of(server).describe());
			document.put("servers", servers);
		}
		return document;
	}

	private String title() {
		if (this.properties.title() != null) {
			return this.properties.title();
		}
		return StringUtils.hasText(this.applicationName) ? this.applicationName : TITLE;
	}

}
