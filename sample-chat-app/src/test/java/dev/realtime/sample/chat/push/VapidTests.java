package dev.realtime.sample.chat.push;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class VapidTests {

	/** The keys of an example of RFC 8291. */
	private static final String PUBLIC = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
			+ "6PBru3jl7A8";

	private static final String PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";

	private static final Pattern CLAIMS = Pattern
		.compile("\\{\"aud\":\"([^\"]+)\",\"exp\":(\\d+),\"sub\":\"([^\"]+)\"}");

	private final JdbcClient jdbc = TestPush.database("vapid");

	@Test
	void aTokenIsForOneServiceAndADay() throws Exception {
		Vapid vapid = vapid(PUBLIC, PRIVATE);
		assertThat(vapid.publicKey()).isEqualTo(PUBLIC);
		String header = vapid.authorization(URI.create("https://FCM.googleapis.com:443/send/secret"));
		Matcher claims = CLAIMS.matcher(TestBrowser.claims(header, PUBLIC));
		assertThat(claims.matches()).isTrue();
		assertThat(claims.group(1)).isEqualTo("https://fcm.googleapis.com");
		assertThat(Instant.ofEpochSecond(Long.parseLong(claims.group(2)))).isAfter(Instant.now())
			.isBefore(Instant.now().plus(Duration.ofHours(24)));
		assertThat(claims.group(3)).isEqualTo("mailto:ops@example.com");
	}

	@Test
	void nodesWithoutKeysShareSomeAndKeepThem() throws Exception {
		Vapid one = vapid("", "");
		Vapid other = vapid("", "");
		assertThat(one.publicKey()).isEqualTo(other.publicKey()).isNotEqualTo(PUBLIC);
		String header = other.authorization(URI.create("https://web.push.apple.com/x"));
		assertThat(TestBrowser.claims(header, one.publicKey())).contains("https://web.push.apple.com\"");
	}

	@Test
	void keysThatCannotWorkStopTheStartWithASentence() {
		String other = VapidKeys.make().privateKey();
		assertThatIllegalArgumentException().isThrownBy(() -> vapid(PUBLIC, other))
			.withMessage("chat.push.public-key and chat.push.private-key are not a pair");
		assertThatIllegalArgumentException().isThrownBy(() -> vapid(PUBLIC, "no base64!"))
			.withMessage("chat.push.private-key is not base64url");
		assertThatIllegalArgumentException().isThrownBy(() -> vapid(PRIVATE, PRIVATE))
			.withMessageContaining("chat.push.public-key is not an uncompressed point");
		assertThatIllegalArgumentException().isThrownBy(() -> vapid(PUBLIC, "")).withMessageContaining("set both");
		assertThat(new VapidKeys(PUBLIC, PRIVATE).toString()).doesNotContain(PRIVATE);
	}

	@Test
	void aContactCannotAddClaims() {
		for (String contact : List.of("", "ops@example.com", "mailto:a\",\"aud\":\"b", "mailto:a\\", "mailto:a b")) {
			assertThatIllegalArgumentException().isThrownBy(
					() -> new PushProperties("", "", contact, List.of(), Duration.ZERO, Duration.ofSeconds(1), 1, 1))
				.withMessageStartingWith("chat.push.contact");
		}
	}

	private Vapid vapid(String publicKey, String privateKey) {
		PushProperties properties = TestPush.with(publicKey, privateKey);
		return new Vapid(properties, new PushStore(this.jdbc, properties));
	}

}
