package dev.realtime.sample.chat.push;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The browser's side of Web Push, written from the RFCs and not from the sample. */
final class TestBrowser {

	/** What is before the point in the usual encoding of a public key of P-256. */
	private static final byte[] PREFIX = HexFormat.of()
		.parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

	private final KeyPair keys;

	private final byte[] auth = new byte[16];

	private final String endpoint;

	TestBrowser(String endpoint) throws GeneralSecurityException {
		this.endpoint = endpoint;
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		this.keys = generator.generateKeyPair();
		Arrays.fill(this.auth, (byte) endpoint.hashCode());
	}

	String endpoint() {
		return this.endpoint;
	}

	String p256dh() {
		return text(point());
	}

	String auth() {
		return text(this.auth);
	}

	Subscription subscription() {
		return new Subscription(URI.create(this.endpoint), p256dh(), auth());
	}

	/** As {@code JSON.stringify} writes a subscription. */
	String json() {
		return "{\"endpoint\":\"%s\",\"expirationTime\":null,\"keys\":{\"p256dh\":\"%s\",\"auth\":\"%s\"}}"
			.formatted(this.endpoint, p256dh(), auth());
	}

	/** What a page's service worker gets. */
	String decrypt(ByteBuffer push) throws GeneralSecurityException {
		ByteBuffer body = push.duplicate();
		byte[] salt = take(body, 16);
		int recordSize = body.getInt();
		byte[] sender = take(body, body.get());
		byte[] cipherText = take(body, body.remaining());
		if (cipherText.length > recordSize) {
			throw new GeneralSecurityException("There is more than one record");
		}
		KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
		agreement.init(this.keys.getPrivate());
		agreement.doPhase(publicKey(sender), true);
		byte[] keyInfo = concat("WebPush: info".getBytes(StandardCharsets.US_ASCII), new byte[1], point(), sender);
		byte[] ikm = expand(hmac(this.auth, agreement.generateSecret()), keyInfo, 32);
		byte[] prk = hmac(salt, ikm);
		byte[] key = expand(prk, info("Content-Encoding: aes128gcm"), 16);
		byte[] nonce = expand(prk, info("Content-Encoding: nonce"), 12);
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
		byte[] text = cipher.doFinal(cipherText);
		int end = text.length - 1;
		while (text[end] == 0) {
			end--;
		}
		if (text[end] != 2) {
			throw new GeneralSecurityException("The last record must end with 2");
		}
		return new String(text, 0, end, StandardCharsets.UTF_8);
	}

	/** Returns the claims of a header {@code Authorization: vapid t=…, k=…}. */
	static String claims(String authorization, String key) throws GeneralSecurityException {
		String start = "vapid t=";
		int comma = authorization.indexOf(", k=");
		String given = authorization.substring(comma + 4);
		if (!authorization.startsWith(start) || !given.equals(key)) {
			throw new GeneralSecurityException("Not signed by " + key + ": " + authorization);
		}
		String token = authorization.substring(start.length(), comma);
		int dot = token.lastIndexOf('.');
		Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
		signature.initVerify(publicKey(bytes(key)));
		signature.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
		if (!signature.verify(bytes(token.substring(dot + 1)))) {
			throw new GeneralSecurityException("The signature is not good: " + token);
		}
		int first = token.indexOf('.');
		String header = new String(bytes(token.substring(0, first)), StandardCharsets.UTF_8);
		if (!header.contains("\"alg\":\"ES256\"") || !header.contains("\"typ\":\"JWT\"")) {
			throw new GeneralSecurityException("Not the header of a token: " + header);
		}
		return new String(bytes(token.substring(first + 1, dot)), StandardCharsets.UTF_8);
	}

	private byte[] point() {
		byte[] encoded = this.keys.getPublic().getEncoded();
		return Arrays.copyOfRange(encoded, PREFIX.length, encoded.length);
	}

	private static PublicKey publicKey(byte[] point) throws GeneralSecurityException {
		return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(concat(PREFIX, point)));
	}

	private static byte[] expand(byte[] key, byte[] info, int length) throws GeneralSecurityException {
		return Arrays.copyOf(hmac(key, concat(info, new byte[] { 1 })), length);
	}

	private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(key, "HmacSHA256"));
		return mac.doFinal(data);
	}

	private static byte[] info(String text) {
		return concat(text.getBytes(StandardCharsets.US_ASCII), new byte[1]);
	}

	private static byte[] take(ByteBuffer from, int length) {
		byte[] bytes = new byte[length];
		from.get(bytes);
		return bytes;
	}

	private static byte[] concat(byte[]... parts) {
		ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt((part) -> part.length).sum());
		for (byte[] part : parts) {
			all.put(part);
		}
		return all.array();
	}

	private static String text(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	private static byte[] bytes(String text) {
		return Base64.getUrlDecoder().decode(text);
	}

}
