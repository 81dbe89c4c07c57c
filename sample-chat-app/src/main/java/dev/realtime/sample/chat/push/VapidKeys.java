package dev.realtime.sample.chat.push;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;

/**
 * Two keys that belong together, in base64url as the usual tools write them.
 *
 * @param publicKey a point of 65 bytes, which browsers get
 * @param privateKey a number of 32 bytes, which signs
 */
record VapidKeys(String publicKey, String privateKey) {

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	/** JWTs want the two numbers of a signature, and not their ASN.1. */
	private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

	VapidKeys {
		try {
			byte[] bytes = "any".getBytes(StandardCharsets.US_ASCII);
			Signature check = Signature.getInstance(ALGORITHM);
			check.initVerify(P256.publicKey("chat.push.public-key", publicKey));
			check.update(bytes);
			if (!check.verify(signature(privateKey, bytes))) {
				throw new IllegalArgumentException("chat.push.public-key and chat.push.private-key are not a pair");
			}
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("chat.push.private-key is not a key of P-256", ex);
		}
	}

	static VapidKeys make() {
		try {
			KeyPair keys = P256.newKeys();
			return new VapidKeys(ENCODER.encodeToString(P256.bytes((ECPublicKey) keys.getPublic())),
					ENCODER.encodeToString(P256.bytes((ECPrivateKey) keys.getPrivate())));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java has P-256", ex);
		}
	}

	/** Signs as {@code ES256} of RFC 7518. */
	byte[] sign(byte[] bytes) throws GeneralSecurityException {
		return signature(this.privateKey, bytes);
	}

	/** Without the key that is secret. */
	@Override
	public String toString() {
		return "keys of " + this.publicKey;
	}

	private static byte[] signature(String privateKey, byte[] bytes) throws GeneralSecurityException {
		Signature signature = Signature.getInstance(ALGORITHM);
		signature.initSign(P256.privateKey("chat.push.private-key", privateKey));
		signature.update(bytes);
		return signature.sign();
	}

}
