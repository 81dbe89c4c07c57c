package dev.realtime.sample.chat.push;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The push services to which this node sends. A browser names the endpoint, so any client
 * can name any URL: without a list of hosts, this node would send requests to wherever an
 * attacker likes, also within its own network.
 */
@Component
class PushServices {

	private static final int MAX_LENGTH = 1_000;

	private final PushProperties properties;

	PushServices(PushProperties properties) {
		this.properties = properties;
	}

	/**
	 * Returns the endpoint if it is at one of the services.
	 * @throws IllegalArgumentException otherwise, with a sentence that says why
	 */
	URI check(@Nullable String endpoint) {
		if (endpoint == null || endpoint.length() > MAX_LENGTH) {
			throw new IllegalArgumentException("The endpoint must be a URL of at most " + MAX_LENGTH + " characters");
		}
		URI url = parse(endpoint);
		// A host is null as well if what is in its place is not a plain name.
		if (url.getScheme() == null || url.getHost() == null || url.getRawUserInfo() != null
				|| url.getRawFragment() != null) {
			throw new IllegalArgumentException("The endpoint must be an absolute URL without user and fragment");
		}
		String origin = origin(url);
		if (this.properties.services().stream().noneMatch((service) -> isAt(service, origin))) {
			throw new IllegalArgumentException("The endpoint must be at a push service, with https and on port 443: "
					+ String.join(", ", this.properties.services()));
		}
		return url;
	}

	/** Scheme, host and port, without the port that https has anyway. */
	static String origin(URI url) {
		String scheme = url.getScheme().toLowerCase(Locale.ROOT);
		boolean usual = url.getPort() == -1 || (scheme.equals("https") && url.getPort() == 443);
		return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + url.getPort());
	}

	private static boolean isAt(String service, String origin) {
		if (service.startsWith("*.")) {
			String host = origin.substring(origin.indexOf("://") + 3);
			return origin.startsWith("https://") && host.endsWith(service.substring(1));
		}
		return origin.equals(service.contains("://") ? service : "https://" + service);
	}

	private static URI parse(String endpoint) {
		try {
			return new URI(endpoint);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("The endpoint is not a URL", ex);
		}
	}

}
