package dev.realtime.sample.chat.push;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How pushes are sent.
 *
 * @param publicKey the VAPID key that browsers are given, 65 bytes in base64url; without
 * one, the nodes make keys for development
 * @param privateKey the VAPID key that signs, 32 bytes in base64url
 * @param contact where a push service can reach the operator: {@code mailto:} or
 * {@code https:}
 * @param services the hosts to which pushes are sent, {@code *.} for any name below, all
 * of them with https on port 443; an entry with {@code ://} is an origin instead, for
 * tests
 * @param timeToLive how long a push service keeps what it cannot deliver
 * @param timeout how long a push service may take to answer; at most 5 seconds, because
 * three attempts must fit into the 30 seconds that a handler has
 * @param perUser most browsers of a user; the one that was not seen for the longest time
 * goes
 * @param total most browsers of all users; more are refused
 */
@ConfigurationProperties("chat.push")
record PushProperties(@DefaultValue("") String publicKey, @DefaultValue("") String privateKey,
		@DefaultValue("mailto:nobody@example.com") String contact, @DefaultValue( {
				"fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com",
				"*.notify.windows.com" }) List<String> services,
		@DefaultValue("12h") Duration timeToLive, @DefaultValue("5s") Duration timeout, @DefaultValue("10") int perUser,
		@DefaultValue("100000") int total){

	private static final Duration MAX_TIMEOUT = Duration.ofSeconds(5);

	/** Safe to be written into the JSON of a token as it is. */
	private static final Pattern CONTACT = Pattern.compile("(mailto:|https://)[\\w.@:/+~-]+");

	private static final Pattern SERVICE = Pattern.compile("(\\*\\.)?[a-z0-9.-]+|https?://[a-z0-9.-]+(:\\d+)?");

	PushProperties {
		check(publicKey.isBlank() == privateKey.isBlank(), "public-key and private-key belong together: set both");
		check(CONTACT.matcher(contact).matches(), "contact begins with mailto: or https://");
		services.forEach((service) -> check(SERVICE.matcher(service).matches(),
				"services has hosts, such as fcm.googleapis.com or *.push.apple.com, and not " + service));
		check(timeToLive.toSeconds() >= 0, "time-to-live must not be negative");
		check(timeout.toMillis() >= 100 && timeout.compareTo(MAX_TIMEOUT) <= 0, "timeout must be 100ms to 5s");
		check(perUser > 0 && total > 0, "per-user and total must be positive");
	}

	private static void check(boolean good, String sentence) {
		if (!good) {
			throw new IllegalArgumentException("chat.push." + sentence);
		}
	}

}
