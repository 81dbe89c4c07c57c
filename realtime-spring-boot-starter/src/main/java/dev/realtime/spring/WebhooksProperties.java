package dev.realtime.spring;

import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * {@code realtime.webhooks}: URLs that are told of events, by names.
 *
 * @param webhooks webhooks by names of your choice
 */
@ConfigurationProperties("realtime")
public record WebhooksProperties(@Nullable Map<String, WebhookProperties> webhooks) {

	/** The name of {@link #webhooks()}. */
	public static final String NAME = "realtime.webhooks";

	private static final int MOST = 32;

	private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_-]{1,64}");

	public WebhooksProperties {
		webhooks = (webhooks != null) ? Map.copyOf(webhooks) : Map.of();
		PropertyBounds.check(webhooks.size() <= MOST, NAME, webhooks.size() + " webhooks",
				"must be at most " + MOST + " webhooks");
		webhooks.forEach((name, webhook) -> {
			PropertyBounds.check(LEGAL.matcher(name).matches(), NAME, name,
					"must have names of 1 to 64 letters, digits, - and _");
			webhook.check(NAME + '.' + name);
		});
	}

	/** The webhooks by name. */
	public Map<String, WebhookProperties> all() {
		return (this.webhooks != null) ? this.webhooks : Map.of();
	}

}
