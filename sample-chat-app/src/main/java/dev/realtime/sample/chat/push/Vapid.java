package dev.realtime.sample.chat.push;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Says to push services who sends: RFC 8292. A browser gets the public key when it
 * subscribes, and its push service takes only what the private key has signed.
 */
@Component
class Vapid {

	private static final Logger logger = LoggerFactory.getLogger(Vapid.class);

	/** At most 24 hours. */
	private static final Duration VALID = Duration.ofHours(12);

	private static final String HEADER = base64url("{\"typ\":\"JWT\",\"alg\":\"ES256\"}");

	private final PushStore store;

	private final String contact;

	private @Nullable VapidKeys keys;

	Vapid(PushProperties properties, PushStore store) {
		this.store = store;
		this.contact = properties.contact();
		this.keys = properties.publicKey().isBlank() ? null
				: new VapidKeys(properties.publicKey(), properties.privateKey());
	}

	String publicKey() {
		return keys().publicKey();
	}

	/** The header {@code Authorization} of a request to this endpoint. */
	String authorization(URI endpoint) throws GeneralSecurityException {
		VapidKeys known = keys();
		String claims = "{\"aud\":\"%s\",\"exp\":%d,\"sub\":\"%s\"}".formatted(PushServices.origin(endpoint),
				Instant.now().plus(VALID).getEpochSecond(), this.contact);
		String signed = HEADER + '.' + base64url(claims);
		byte[] signature = known.sign(signed.getBytes(StandardCharsets.US_ASCII));
		return "vapid t=" + signed + '.' + base64url(signature) + ", k=" + known.publicKey();
	}

	/** Where none are configured, the nodes share what the first of them made. */
	private synchronized VapidKeys keys() {
		VapidKeys known = this.keys;
		if (known == null) {
			known = this.store.keysUnless(VapidKeys.make());
			this.keys = known;
			logger.info("Web Push uses keys that were made for development and are kept in the database: set "
					+ "chat.push.public-key and chat.push.private-key, see the README");
		}
		return known;
	}

	private static String base64url(String text) {
		return base64url(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String base64url(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
