package dev.realtime.sample.chat.push;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts a payload so that only the browser can read it, and not the push service: RFC
 * 8291, in one record of {@code aes128gcm} (RFC 8188).
 */
final class Encryption {

	/** What every push service takes, and with it every browser. */
	private static final int RECORD_BYTES = 4_096;

	private static final int SALT_BYTES = 16;

	private static final int TAG_BYTES = 16;

	/** Salt, size of the record, and our key after its length. */
	private static final int HEADER_BYTES = SALT_BYTES + 4 + 1 + P256.POINT_BYTES;

	/** Ends the text of the last record. */
	private static final byte LAST = 2;

	private static final SecureRandom RANDOM = new SecureRandom();

	private Encryption() {
	}

	/** Encrypts with a key and a salt of its own. */
	static byte[] encrypt(byte[] text, Subscription receiver) throws GeneralSecurityException {
		byte[] salt = new byte[SALT_BYTES];
		RANDOM.nextBytes(salt);
		return encrypt(text, receiver, P256.newKeys(), salt);
	}

	static byte[] encrypt(byte[] text, Subscription receiver, KeyPair sender, byte[] salt)
			throws GeneralSecurityException {
		if (HEADER_BYTES + text.length + 1 + TAG_BYTES > RECORD_BYTES) {
			throw new IllegalArgumentException("A payload of " + text.length + " bytes is too long for a push");
		}
		ECPublicKey theirs = receiver.key();
		byte[] ours = P256.bytes((ECPublicKey) sender.getPublic());
		KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
		agreement.init(sender.getPrivate());
		agreement.doPhase(theirs, true);
		byte[] secret = hkdf(receiver.secret(), agreement.generateSecret(), 32, ascii("WebPush: info\0"),
				P256.bytes(theirs), ours);
		byte[] key = hkdf(salt, secret, 16, ascii("Content-Encoding: aes128gcm\0"));
		byte[] nonce = hkdf(salt, secret, 12, ascii("Content-Encoding: nonce\0"));
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_BYTES, nonce));
		byte[] record = Arrays.copyOf(text, text.length + 1);
		record[text.length] = LAST;
		return ByteBuffer.allocate(HEADER_BYTES + text.length + 1 + TAG_BYTES)
			.put(salt)
			.putInt(RECORD_BYTES)
			.put((byte) P256.POINT_BYTES)
			.put(ours)
			.put(cipher.doFinal(record))
			.array();
	}

	/** RFC 5869, for at most 32 bytes: one round is enough. */
	private static byte[] hkdf(byte[] salt, byte[] secret, int length, byte[]... info) throws GeneralSecurityException {
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(salt, "HmacSHA256"));
		mac.init(new SecretKeySpec(mac.doFinal(secret), "HmacSHA256"));
		for (byte[] part : info) {
			mac.update(part);
		}
		mac.update((byte) 1);
		return Arrays.copyOf(mac.doFinal(), length);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
