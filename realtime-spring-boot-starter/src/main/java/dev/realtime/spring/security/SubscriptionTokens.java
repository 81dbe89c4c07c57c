package dev.realtime.spring.security;

import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import javax.crypto.SecretKey;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.spring.RefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/**
 * Issues subscription tokens: each lets one user subscribe to one topic, or to the topics
 * of a pattern, for a time. Such a token is a JWT, signed with
 * {@code realtime.security.subscription-secret} by HMAC-SHA256, with the claims
 * {@code sub} (the user's name, absent for clients without a user), {@code topic} and
 * {@code exp}. Anything else that knows the secret may issue them too.
 * <p>
 * A client sends it in the header {@code token} of SUBSCRIBE. It is granted what no other
 * rule grants, except topics that a rule closes by {@code nobody} and what Spring
 * Security's message rules deny. When the token expires the subscription ends. Safe for
 * any number of threads; nothing blocks.
 */
public final class SubscriptionTokens implements SubscriptionGrants {

	private static final String TOPIC = "topic";

	private static final String BAD = "bad-token";

	private static final Duration LONGEST = Duration.ofDays(365);

	private final JwtEncoder encoder;

	private final NimbusJwtDecoder decoder;

	private final Clock clock;

	SubscriptionTokens(SecretKey secret, Clock clock) {
		this.clock = clock;
		this.encoder = new NimbusJwtEncoder(new ImmutableSecret<>(secret));
		this.decoder = NimbusJwtDecoder.withSecretKey(secret).macAlgorithm(MacAlgorithm.HS256).build();
		JwtTimestampValidator times = new JwtTimestampValidator(Duration.ZERO);
		times.setClock(clock);
		this.decoder.setJwtValidator(times);
	}

	/**
	 * Issues a token. Call it where the application knows that the user may read the
	 * topic, and give the token to that user only.
	 * @param user as {@code Principal.getName()} says; null for clients without a user
	 * @param topicPattern a topic or a pattern, such as {@code order.42.*}; none of a
	 * name that begins with an underscore
	 * @param duration 1 second to 365 days
	 * @throws IllegalArgumentException if an argument is not legal
	 */
	public String issue(@Nullable String user, String topicPattern, Duration duration) {
		if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException("A token is valid for 1 second to 365 days, not for " + duration);
		}
		Instant now = this.clock.instant();
		JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
			.claim(TOPIC, pattern(topicPattern).text())
			.issuedAt(now)
			.expiresAt(now.plus(duration));
		if (user != null) {
			claims.subject(user);
		}
		return this.encoder
			.encode(JwtEncoderParameters.from(JwsHeader.with(MacAlgorithm.HS256).build(), claims.build()))
			.getTokenValue();
	}

	@Override
	public SubscriptionGrant of(String token, @Nullable Principal user) {
		Jwt jwt = decode(token);
		String topic = jwt.getClaimAsString(TOPIC);
		Instant expiresAt = jwt.getExpiresAt();
		if (topic == null || expiresAt == null) {
			throw new RefusedException(BAD, "The token of the subscription lacks the claim topic or exp");
		}
		if (!Objects.equals(jwt.getSubject(), (user != null) ? user.getName() : null)) {
			throw new RefusedException(BAD, "The token of the subscription is for another user");
		}
		try {
			return new SubscriptionGrant(pattern(topic), expiresAt);
		}
		catch (IllegalArgumentException ex) {
			throw new RefusedException(BAD, "The token of the subscription names no topic of an application", ex);
		}
	}

	private Jwt decode(String token) {
		try {
			return this.decoder.decode(token);
		}
		catch (JwtValidationException ex) {
			throw new RefusedException(EXPIRED, "The token of the subscription has expired; fetch another one", ex);
		}
		catch (BadJwtException ex) {
			throw new RefusedException(BAD, "The token of the subscription is not valid", ex);
		}
	}

	private static TopicPattern pattern(String text) {
		try {
			TopicPattern pattern = new TopicPattern(text);
			if (Topic.of(text).isReserved()) {
				throw new IllegalArgumentException("\"" + text + "\" is no topic of an application");
			}
			return pattern;
		}
		catch (IllegalTopicException ex) {
			throw new IllegalArgumentException("\"" + text + "\" is neither a topic nor a topic pattern", ex);
		}
	}

}
