package dev.realtime.spring;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.asyncapi}: a document that describes what clients may subscribe to and
 * send.
 *
 * @param enabled whether the document is served, below realtime.http.path
 * @param title the document's title; spring.application.name if not set
 * @param version the version of the application's messages
 * @param description what the application is, in Markdown
 * @param serverUrl where clients connect, such as wss://chat.example.com/realtime; where
 * the document was requested if not set
 * @param maxSize largest document; a larger one is not served
 * @param springwolf whether Springwolf's document has the same, if the application has
 * Springwolf; it does not depend on enabled
 */
@ConfigurationProperties("realtime.asyncapi")
public record AsyncApiProperties(@DefaultValue("false") boolean enabled, @Nullable String title,
		@DefaultValue("1.0.0") String version, @Nullable String description, @Nullable String serverUrl,
		@DefaultValue("4MB") DataSize maxSize, @DefaultValue("true") boolean springwolf) {

	private static final String SERVER_URL = "realtime.asyncapi.server-url";

	private static final Set<String> SCHEMES = Set.of("ws", "wss");

	public AsyncApiProperties {
		PropertyBounds.size("realtime.asyncapi.max-size", maxSize, 1_024);
		if (serverUrl != null) {
			URI unused = parse(serverUrl);
		}
	}

	/** Returns where clients connect, or null if that is not set. */
	public @Nullable URI server() {
		return (this.serverUrl != null) ? parse(this.serverUrl) : null;
	}

	private static URI parse(String text) {
		try {
			URI uri = new URI(text);
			if (uri.getHost() != null && SCHEMES.contains(uri.getScheme()) && uri.getRawUserInfo() == null
					&& uri.getRawQuery() == null && uri.getRawFragment() == null) {
				return uri;
			}
		}
		catch (URISyntaxException ex) {
			// refused below
		}
		// what is wrong may be a secret
		String shown = (text.contains("@") || text.contains("?")) ? "******" : text;
		throw new InvalidRealtimePropertyException(SERVER_URL, shown,
				"must be a ws or wss URL without user, query and fragment, such as wss://chat.example.com/realtime");
	}

}
