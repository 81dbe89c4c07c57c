package dev.realtime.spring;

import java.time.Duration;
import java.util.Base64;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.security}: rights in tokens, and how rights are looked at again.
 *
 * @param recheck how often the rights of open subscriptions are decided again, spread
 * over this time; 0 means only when the application asks for it
 * @param recheckThreads how many threads of this node do that, and wait for the
 * application's decisions
 * @param tokenGrants whether the claims topics and authorization_details of a user's JWT
 * say what the user may do
 * @param maxTokenGrants most patterns of topics that a token may have
 * @param subscriptionSecret signs and checks the tokens of subscriptions: 32 bytes or
 * more, in base64; without it there are no such tokens
 */
@ConfigurationProperties("realtime.security")
public record RightsProperties(@DefaultValue("5m") Duration recheck, @DefaultValue("4") int recheckThreads,
		@DefaultValue("false") boolean tokenGrants, @DefaultValue("200") int maxTokenGrants,
		@Nullable String subscriptionSecret) {

	private static final int SHORTEST_SECRET = 32;

	private static final String HIDDEN = "******";

	/** Most patterns that any token may have. */
	public static final int MOST_GRANTS = 10_000;

	public RightsProperties {
		PropertyBounds.check(recheck.isZero()
				|| (recheck.compareTo(Duration.ofSeconds(1)) >= 0 && recheck.compareTo(Duration.ofDays(1)) <= 0),
				"realtime.security.recheck", PropertyBounds.text(recheck), "must be 0, or 1s to 1d");
		PropertyBounds.range("realtime.security.recheck-threads", recheckThreads, 1, 1_000);
		PropertyBounds.range("realtime.security.max-token-grants", maxTokenGrants, 1, MOST_GRANTS);
		if (subscriptionSecret != null) {
			byte[] unused = secret(subscriptionSecret);
		}
	}

	/** Returns the bytes of the secret, which must be set. */
	public byte[] secret() {
		return secret(Objects.requireNonNull(this.subscriptionSecret));
	}

	private static byte[] secret(String base64) {
		byte[] bytes = {};
		try {
			bytes = Base64.getDecoder().decode(base64.strip());
		}
		catch (IllegalArgumentException ex) {
			// Is too short.
		}
		PropertyBounds.check(bytes.length >= SHORTEST_SECRET, "realtime.security.subscription-secret", HIDDEN,
				"must be " + SHORTEST_SECRET + " random bytes or more in base64, as of openssl rand -base64 32");
		return bytes;
	}

	/** Without the secret. */
	@Override
	public String toString() {
		return "RightsProperties[recheck=" + this.recheck + ", tokenGrants=" + this.tokenGrants + ']';
	}

}
