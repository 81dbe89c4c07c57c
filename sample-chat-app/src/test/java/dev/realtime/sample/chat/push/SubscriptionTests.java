package dev.realtime.sample.chat.push;

import java.math.BigInteger;
import java.net.URI;
import java.util.Arrays;
import java.util.Base64;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SubscriptionTests {

	private static final URI ENDPOINT = URI.create("https://fcm.googleapis.com/send/secret");

	private static final String GOOD_AUTH = "BTBZMqHH6r4Tts7J_aSIgg";

	private static final String GOOD_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZ"
			+ "GH6SRpkNtoIAiw4";

	@Test
	void aPointThatIsNotOnTheCurveIsRefused() {
		for (int at : new int[] { 1, 32, 33, 64 }) {
			byte[] point = point();
			point[at] ^= 1;
			assertRefused(text(point), GOOD_AUTH, "p256dh is not a point of the curve P-256");
		}
		// Solves the equation of another curve.
		assertRefused(text(concat(4, new byte[64])), GOOD_AUTH, "p256dh is not a point of the curve P-256");
	}

	@Test
	void aCoordinateThatIsNotReducedIsRefused() {
		BigInteger p = new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
		// The point with x = 5 is on the curve, and x + p fits into 32 bytes.
		BigInteger b = new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
		BigInteger x = BigInteger.valueOf(5);
		BigInteger y = x.pow(3)
			.subtract(x.multiply(BigInteger.valueOf(3)))
			.add(b)
			.mod(p)
			.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
		assertThat(new Subscription(ENDPOINT, text(concat(4, x, y)), GOOD_AUTH).key().getW().getAffineX()).isEqualTo(x);
		assertRefused(text(concat(4, x.add(p), y)), GOOD_AUTH, "p256dh is not a point of the curve P-256");
	}

	@Test
	void otherFormsOfAPointAreRefused() {
		byte[] point = point();
		assertRefused(text(concat(2, Arrays.copyOfRange(point, 1, 33))), GOOD_AUTH, "uncompressed point of 65 bytes");
		assertRefused(text(concat(3, Arrays.copyOfRange(point, 1, 65))), GOOD_AUTH, "uncompressed point of 65 bytes");
		assertRefused(text(new byte[1]), GOOD_AUTH, "uncompressed point of 65 bytes");
		assertRefused("", GOOD_AUTH, "uncompressed point of 65 bytes");
		assertRefused("no base64!", GOOD_AUTH, "p256dh is not base64url");
	}

	@Test
	void aSecretHas16Bytes() {
		assertRefused(GOOD_KEY, "", "auth must have 16 bytes");
		assertRefused(GOOD_KEY, text(new byte[15]), "auth must have 16 bytes");
		assertRefused(GOOD_KEY, text(new byte[17]), "auth must have 16 bytes");
		assertRefused(GOOD_KEY, "no base64!", "auth is not base64url");
	}

	@Test
	void whatIsLoggedHasNoSecret() {
		assertThat(new Subscription(ENDPOINT, GOOD_KEY, GOOD_AUTH)).hasToString("subscription at fcm.googleapis.com");
	}

	private static void assertRefused(String key, String auth, String sentence) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Subscription(ENDPOINT, key, auth))
			.withMessageContaining(sentence);
	}

	private static byte[] point() {
		return Base64.getUrlDecoder().decode(GOOD_KEY);
	}

	private static String text(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	private static byte[] concat(int first, byte[] others) {
		byte[] all = new byte[1 + others.length];
		all[0] = (byte) first;
		System.arraycopy(others, 0, all, 1, others.length);
		return all;
	}

	private static byte[] concat(int first, BigInteger x, BigInteger y) {
		byte[] others = new byte[64];
		System.arraycopy(unsigned(x), 0, others, 0, 32);
		System.arraycopy(unsigned(y), 0, others, 32, 32);
		return concat(first, others);
	}

	private static byte[] unsigned(BigInteger number) {
		byte[] bytes = number.toByteArray();
		byte[] padded = new byte[32];
		int length = Math.min(32, bytes.length);
		System.arraycopy(bytes, bytes.length - length, padded, 32 - length, length);
		return padded;
	}

}
