package dev.realtime.sample.chat.push;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EncryptionTests {

	private static final URI ENDPOINT = URI.create("https://fcm.googleapis.com/send/1");

	/** Longer than a block of the cipher. */
	private static final String TEXT = "Grüße ☕ ".repeat(50);

	/** The example of RFC 8291, section 5 and appendix A. */
	@Test
	void theExampleOfTheRfcIsEncryptedByteByByte() throws Exception {
		Subscription receiver = new Subscription(ENDPOINT,
				"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
				"BTBZMqHH6r4Tts7J_aSIgg");
		KeyPair sender = new KeyPair(
				P256.publicKey("as_public",
						"BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"),
				P256.privateKey("as_private", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"));
		byte[] push = Encryption.encrypt(
				"When I grow up, I want to be a watermelon".getBytes(StandardCharsets.US_ASCII), receiver, sender,
				Base64.getUrlDecoder().decode("DGv6ra1nlYgDCS1FRnbzlw"));
		assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(push))
			.isEqualTo("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
					+ "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxs"
					+ "j_Qulcy4a-fN");
	}

	@Test
	void aBrowserReadsItAndEachPushHasItsOwnKeyAndSalt() throws Exception {
		TestBrowser browser = new TestBrowser(ENDPOINT.toString());
		byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
		byte[] one = Encryption.encrypt(text, browser.subscription());
		byte[] other = Encryption.encrypt(text, browser.subscription());
		assertThat(browser.decrypt(ByteBuffer.wrap(one))).isEqualTo(TEXT);
		assertThat(browser.decrypt(ByteBuffer.wrap(other))).isEqualTo(TEXT);
		assertThat(ByteBuffer.wrap(one, 0, 16)).isNotEqualTo(ByteBuffer.wrap(other, 0, 16));
		assertThat(ByteBuffer.wrap(one, 21, 65)).isNotEqualTo(ByteBuffer.wrap(other, 21, 65));
	}

	@Test
	void aPushIsOneRecordAndMoreIsRefused() throws Exception {
		TestBrowser browser = new TestBrowser(ENDPOINT.toString());
		byte[] longest = Encryption.encrypt(new byte[3_993], browser.subscription());
		assertThat(longest).hasSize(4_096);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Encryption.encrypt(new byte[3_994], browser.subscription()))
			.withMessageContaining("3994 bytes");
	}

}
