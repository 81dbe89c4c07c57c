package dev.realtime.sample.chat.push;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Which URLs this node may be made to call by a logged-in user. */
class PushServicesTests {

	private final PushServices services = new PushServices(
			TestPush.withServices("fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com"));

	@ParameterizedTest
	@ValueSource(strings = { "https://fcm.googleapis.com/fcm/send/abc:APA91b", "HTTPS://FCM.GoogleAPIs.com/x",
			"https://fcm.googleapis.com:443/x", "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
			"https://web.push.apple.com/QGuQyavXutnMH", "https://fcm.googleapis.com/x?token=a%3d" })
	void whatBrowsersNameIsTaken(String endpoint) {
		assertThat(this.services.check(endpoint)).hasToString(endpoint);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://fcm.googleapis.com/x", "ftp://fcm.googleapis.com/x", "file:///etc/passwd",
			"https://169.254.169.254/latest/meta-data", "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x",
			"https://localhost:8080/actuator", "https://fcm.googleapis.com:8443/x", "https://fcm.googleapis.com:80/x",
			"https://web.push.apple.com:444/x", "https://fcm.googleapis.com.evil.example/x",
			"https://evil.example/fcm.googleapis.com", "https://evil.example?fcm.googleapis.com",
			"https://evilfcm.googleapis.com/x", "https://a.fcm.googleapis.com/x", "https://push.apple.com/x",
			"https://.push.apple.com/x", "https://evilpush.apple.com/x", "https://fcm.googleapis.com./x",
			"http://web.push.apple.com/x", "https://2130706433/x", "https://0x7f.1/x" })
	void otherHostsPortsAndSchemesAreRefused(String endpoint) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.services.check(endpoint));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "/x", "//fcm.googleapis.com/x", "https:fcm.googleapis.com",
			"https://user:secret@fcm.googleapis.com/x", "https://fcm.googleapis.com@evil.example/x",
			"https://evil.example#@fcm.googleapis.com/x", "https://fcm.googleapis.com#/x",
			"https://evil.example\\@fcm.googleapis.com/x", "https://fcm.googleapis.com\\.evil.example/x",
			"https://fcm.googleapis.com%2f.evil.example/x", "https://fcm.googleapis.com\r\nHost: evil.example/x",
			"https://fcm.googleapis.com /x", "https://fcm。googleapis。com/x", "https://fcm_googleapis.com/x" })
	void whatIsNoPlainUrlIsRefused(String endpoint) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.services.check(endpoint))
			.withMessageStartingWith("The endpoint ");
	}

	@Test
	void theSentenceNamesTheServices() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.services.check("https://localhost/x"))
			.withMessage("The endpoint must be at a push service, with https and on port 443: fcm.googleapis.com, "
					+ "updates.push.services.mozilla.com, *.push.apple.com");
		assertThatIllegalArgumentException().isThrownBy(() -> this.services.check(null))
			.withMessageContaining("1000 characters");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.services.check("https://fcm.googleapis.com/" + "x".repeat(1_000)))
			.withMessageContaining("1000 characters");
	}

	@Test
	void anOriginIsTakenAsItIs() {
		PushServices local = new PushServices(TestPush.withServices("http://127.0.0.1:8090"));
		assertThat(local.check("http://127.0.0.1:8090/x")).hasToString("http://127.0.0.1:8090/x");
		for (String other : new String[] { "http://127.0.0.1:8091/x", "https://127.0.0.1:8090/x",
				"http://127.0.0.1/x" }) {
			assertThatIllegalArgumentException().isThrownBy(() -> local.check(other));
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "*", "*.", "", "https://*.example.com", "fcm.googleapis.com/", "FCM.googleapis.com", "a b" })
	void aServiceThatMatchesNothingIsSaidAtTheStart(String service) {
		assertThatIllegalArgumentException().isThrownBy(() -> TestPush.withServices(service))
			.withMessageStartingWith("chat.push.services");
	}

}
