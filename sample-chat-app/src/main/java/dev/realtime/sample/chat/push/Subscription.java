package dev.realtime.sample.chat.push;

import java.net.URI;
import java.security.interfaces.ECPublicKey;

/**
 * A browser that wants pushes, as it describes itself. The endpoint is a secret: with the
 * keys of this chat, it is all that is needed to send to the browser.
 *
 * @param endpoint where the push service takes messages for the browser
 * @param p256dh the browser's key, in base64url
 * @param auth the browser's secret, in base64url
 */
record Subscription(URI endpoint, String p256dh, String auth) {

	private static final int SECRET_BYTES = 16;

	/**
	 * Checks the keys.
	 * @throws IllegalArgumentException with a sentence for the sender
	 */
	Subscription {
		P256.publicKey("The key p256dh", p256dh);
		if (P256.decode("The key auth", auth).length != SECRET_BYTES) {
			throw new IllegalArgumentException("The key auth must have 16 bytes");
		}
	}

	ECPublicKey key() {
		return P256.publicKey("The key p256dh", this.p256dh);
	}

	byte[] secret() {
		return P256.decode("The key auth", this.auth);
	}

	/** Without the part of the endpoint that is secret. */
	@Override
	public String toString() {
		return "subscription at " + this.endpoint.getHost();
	}

}
