package dev.realtime.spring.gateway;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Seals texts with HMAC-SHA256, so that writing or changing one takes the secret. Does
 * not hide them. Safe for any number of threads.
 */
final class Seal {

	/** Characters before the text. */
	static final int LENGTH = 64;

	private static final String ALGORITHM = "HmacSHA256";

	private final SecretKeySpec key;

	Seal(byte[] secret) {
		this.key = new SecretKeySpec(secret, ALGORITHM);
	}

	/** The text with its seal in front. */
	String close(String text) {
		return HexFormat.of().formatHex(mac(text)) + text;
	}

	/** The text, or null when the seal is not right. */
	@Nullable String open(String sealed) {
		if (sealed.length() < LENGTH) {
			return null;
		}
		String text = sealed.substring(LENGTH);
		byte[] expected = HexFormat.of().formatHex(mac(text)).getBytes(StandardCharsets.US_ASCII);
		byte[] found = sealed.substring(0, LENGTH).getBytes(StandardCharsets.UTF_8);
		return MessageDigest.isEqual(expected, found) ? text : null;
	}

	private byte[] mac(String text) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JDK has " + ALGORITHM, ex);
		}
	}

}
