package dev.realtime.spring.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as Standard Webhooks 1.0.0 says: HMAC-SHA256 of id, timestamp and body,
 * with each of the keys. See https://www.standardwebhooks.com.
 */
final class Signer {

	private static final String ALGORITHM = "HmacSHA256";

	private final List<SecretKeySpec> keys;

	Signer(List<byte[]> keys) {
		this.keys = keys.stream().map((key) -> new SecretKeySpec(key, ALGORITHM)).toList();
	}

	/**
	 * Returns the header {@code webhook-signature}.
	 * @param timestamp of the attempt, in seconds
	 */
	String sign(String id, long timestamp, byte[] body) {
		byte[] head = (id + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8);
		return this.keys.stream().map((key) -> "v1," + sign(key, head, body)).collect(Collectors.joining(" "));
	}

	private static String sign(SecretKeySpec key, byte[] head, byte[] body) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(key);
			mac.update(head);
			return Base64.getEncoder().encodeToString(mac.doFinal(body));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JDK has " + ALGORITHM, ex);
		}
	}

}
