package dev.realtime.sample.chat.login;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * A token is a name and its signature. Every node has the secret, so a token of one node
 * is good on all; no session is shared. Real ones are JWTs, and end some day: with a
 * {@code JwtDecoder} in the application the starter checks them by itself.
 */
class Tokens {

	private static final String ALGORITHM = "HmacSHA256";

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	private final SecretKeySpec key;

	Tokens(String secret) {
		this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
	}

	String issue(String name) {
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		return ENCODER.encodeToString(bytes) + '.' + ENCODER.encodeToString(signature(bytes));
	}

	/** Whom the token names; null when it is not one of ours. */
	@Nullable String nameIn(String token) {
		try {
			int dot = token.indexOf('.');
			byte[] name = Base64.getUrlDecoder().decode(token.substring(0, Math.max(0, dot)));
			byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
			boolean ours = MessageDigest.isEqual(signature, signature(name));
			return ours ? new String(name, StandardCharsets.UTF_8) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private byte[] signature(byte[] name) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			return mac.doFinal(name);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java has " + ALGORITHM, ex);
		}
	}

}
