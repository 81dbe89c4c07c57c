package dev.realtime.spring;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.realtime.IllegalTopicException;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.webhooks.<name>}: a URL that is told of events.
 *
 * @param url where the events are posted, http or https
 * @param secret the key of the signatures, 24 to 64 random bytes in base64, with or
 * without whsec_ before it; while the secret is exchanged, the new one and the old one
 * @param events which events are posted
 * @param topics patterns of the topics whose events are posted; all topics if not set.
 * Events of clients are posted in any case
 * @param queue most events that wait; more are dropped and counted
 * @param requests most requests at a time; those of one topic follow each other
 * @param timeout how long a request may take, with its answer
 * @param retryFor how long after an event happened a request for it may still begin
 * @param shutdownTimeout how long a node that ends goes on with what waits
 * @param sslBundle the bundle of spring.ssl.bundle with the certificates to trust, and to
 * show
 */
public record WebhookProperties(@Nullable String url, @Nullable List<String> secret, @DefaultValue( {
		"topic-occupied", "topic-vacated" }) Set<WebhookEvent> events, @Nullable List<String> topics,
		@DefaultValue("10000") int queue, @DefaultValue("4") int requests, @DefaultValue("15s") Duration timeout,
		@DefaultValue("10m") Duration retryFor, @DefaultValue("5s") Duration shutdownTimeout,
		@Nullable String sslBundle){

	private static final String SECRET_PREFIX = "whsec_";

	private static final String HIDDEN = "******";

	/** Checks the bounds; the prefix is this webhook's name among the properties. */
	void check(String prefix) {
		URI unused = uri(prefix);
		List<byte[]> unusedKeys = keys(prefix);
		PropertyBounds.check(!this.events.isEmpty(), prefix + ".events", "", "must name at least one event");
		List<TopicPattern> unusedPatterns = patterns(prefix);
		PropertyBounds.range(prefix + ".queue", this.queue, 1, 100_000);
		PropertyBounds.range(prefix + ".requests", this.requests, 1, 64);
		PropertyBounds.positive(prefix + ".timeout", this.timeout);
		PropertyBounds.positive(prefix + ".retry-for", this.retryFor);
		PropertyBounds.positiveOrZero(prefix + ".shutdown-timeout", this.shutdownTimeout);
	}

	/** The URL, which must be set. */
	public URI uri(String prefix) {
		String property = prefix + ".url";
		if (this.url == null) {
			throw new InvalidRealtimePropertyException(property, null, "a webhook needs a URL");
		}
		try {
			URI uri = new URI(this.url);
			boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
			PropertyBounds.check(uri.getRawUserInfo() == null, property, HIDDEN, "must not have a user or a password");
			PropertyBounds.check(
					http && uri.getHost() != null && uri.getRawFragment() == null && uri.getPort() != 0
							&& uri.getPort() <= 65_535,
					property, this.url, "must be an http or https URL without a fragment");
			return uri;
		}
		catch (URISyntaxException ex) {
			throw new InvalidRealtimePropertyException(property, this.url.contains("@") ? HIDDEN : this.url,
					"must be an http or https URL: " + ex.getReason());
		}
	}

	/** The keys of the signatures, the newest first. */
	public List<byte[]> keys(String prefix) {
		String property = prefix + ".secret";
		if (this.secret == null || this.secret.isEmpty()) {
			throw new InvalidRealtimePropertyException(property, null,
					"a webhook needs a secret, as from openssl rand -base64 32");
		}
		PropertyBounds.check(this.secret.size() <= 2, property, HIDDEN, "must be one secret, or a new and an old one");
		List<byte[]> keys = new ArrayList<>();
		this.secret.forEach((each) -> keys.add(key(property, each)));
		return keys;
	}

	private static byte[] key(String property, String secret) {
		String encoded = secret.startsWith(SECRET_PREFIX) ? secret.substring(SECRET_PREFIX.length()) : secret;
		byte[] key;
		try {
			key = Base64.getDecoder().decode(encoded);
		}
		catch (IllegalArgumentException ex) {
			key = new byte[0];
		}
		PropertyBounds.check(key.length >= 24 && key.length <= 64, property, HIDDEN,
				"must be 24 to 64 random bytes in base64, as from openssl rand -base64 32");
		return key;
	}

	/** The topics whose events are posted; empty for all. */
	public List<TopicPattern> patterns(String prefix) {
		List<TopicPattern> patterns = new ArrayList<>();
		for (String each : Objects.requireNonNullElse(this.topics, List.<String>of())) {
			try {
				patterns.add(new TopicPattern(each));
			}
			catch (IllegalTopicException ex) {
				throw new InvalidRealtimePropertyException(prefix + ".topics", each,
						"must be patterns such as room.*. " + ex.getMessage());
			}
		}
		return patterns;
	}

	/** Without the secret, and without the URL, which may have one. */
	@Override
	public String toString() {
		return "WebhookProperties[events=" + this.events + ", topics=" + this.topics + ']';
	}

}
