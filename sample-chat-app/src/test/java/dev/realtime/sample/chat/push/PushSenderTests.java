package dev.realtime.sample.chat.push;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.realtime.sample.chat.push.FakePushService.SILENCE;
import static dev.realtime.sample.chat.push.FakePushService.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What push services answer. */
@Timeout(20)
class PushSenderTests {

	private static final byte[] PAYLOAD = "{}".getBytes(StandardCharsets.UTF_8);

	private final FakePushService service = new FakePushService();

	private final JdbcClient jdbc = TestPush.database("sender");

	private final PushProperties properties = TestPush.withServices(this.service.origin());

	private final PushStore store = new PushStore(this.jdbc, this.properties);

	private final PushSender sender = sender(this.properties);

	@BeforeEach
	void empty() {
		this.jdbc.sql("delete from push_subscription").update();
	}

	@AfterEach
	void end() {
		this.service.close();
	}

	@Test
	void aPushHasTheHeadersThatServicesAskFor() throws Exception {
		TestBrowser browser = this.service.browser("/1");
		send(browser);
		FakePushService.Push push = this.service.pushesAt("/1").get(0);
		assertThat(push.method()).isEqualTo("POST");
		assertThat(push.header("TTL")).isEqualTo("43200");
		assertThat(push.header("Urgency")).isEqualTo("normal");
		assertThat(push.header("Content-Encoding")).isEqualTo("aes128gcm");
		assertThat(browser.decrypt(push.body())).isEqualTo("{}");
	}

	@Test
	void browsersThatAreGoneAreForgottenAndTheOthersStay() throws Exception {
		TestBrowser gone = this.service.browser("/gone", status(410));
		TestBrowser unknown = this.service.browser("/unknown", status(404));
		TestBrowser here = this.service.browser("/here");
		send(gone, unknown, here);
		assertThat(this.store.subscriptionsOf("Ann")).containsExactly(here.subscription());
		assertThat(this.service.pushesAt("/gone")).hasSize(1);
	}

	@Test
	void aServiceThatIsBusyIsAskedAgainAndNoOther() throws Exception {
		TestBrowser busy = this.service.browser("/busy", status(503), status(429, "Retry-After", "1"));
		TestBrowser fine = this.service.browser("/fine");
		send(busy, fine);
		assertThat(this.service.pushesAt("/busy")).hasSize(3);
		assertThat(this.service.pushesAt("/fine")).hasSize(1);
		assertThat(busy.decrypt(this.service.pushesAt("/busy").get(2).body())).isEqualTo("{}");
	}

	@Test
	void threeTimesAreEnough() throws Exception {
		assertProblem("has answered 500", this.service.browser("/1", status(500), status(502), status(500)));
		assertThat(this.service.pushesAt("/1")).hasSize(3);
	}

	@Test
	void aServiceThatWantsALongPauseIsLeftAlone() throws Exception {
		assertProblem("has answered 429", this.service.browser("/1", status(429, "Retry-After", "60")));
		assertProblem("has answered 503",
				this.service.browser("/2", status(503, "Retry-After", "Tue, 1 Dec 2026 08:00:00 GMT")));
		assertThat(this.service.pushesAt("/1")).hasSize(1);
		assertThat(this.service.pushesAt("/2")).hasSize(1);
	}

	@Test
	void aPushThatIsTooLargeOrRefusedIsNotSentAgain() throws Exception {
		for (int status : new int[] { 400, 403, 413 }) {
			String path = "/" + status;
			assertProblem("A push of 2 bytes was not delivered: 127.0.0.1 has answered " + status,
					this.service.browser(path, status(status)));
			assertThat(this.service.pushesAt(path)).hasSize(1);
		}
	}

	@Test
	void aRedirectIsNotFollowed() throws Exception {
		TestBrowser browser = this.service.browser("/1", status(307, "Location", this.service.origin() + "/internal"));
		assertProblem("has answered 307", browser);
		assertThat(this.service.pushesAt("/internal")).isEmpty();
	}

	@Test
	void aServiceThatNeverFinishesItsAnswerDelaysNoOtherBrowser() throws Exception {
		TestBrowser silent = this.service.browser("/silent", SILENCE, SILENCE, SILENCE);
		TestBrowser fine = this.service.browser("/fine");
		PushSender hasty = sender(TestPush.withTimeout(Duration.ofMillis(500), this.service.origin()));
		// What takes long the first time.
		hasty.send(List.of(this.service.browser("/first").subscription()), PAYLOAD);
		assertThatExceptionOfType(PushSender.PushException.class)
			.isThrownBy(() -> hasty.send(List.of(silent.subscription(), fine.subscription()), PAYLOAD))
			.withMessageContaining("127.0.0.1 has not answered");
		assertThat(this.service.pushesAt("/silent")).hasSize(3);
		assertThat(fine.decrypt(this.service.pushesAt("/fine").get(0).body())).isEqualTo("{}");
		assertThat(this.service.pushesAt("/fine")).hasSize(1);
	}

	@Test
	void aServiceThatIsNoLongerInTheListGetsNothing() throws Exception {
		TestBrowser browser = this.service.browser("/1");
		PushSender strict = sender(TestPush.withServices("fcm.googleapis.com"));
		assertThatExceptionOfType(PushSender.PushException.class)
			.isThrownBy(() -> strict.send(List.of(browser.subscription()), PAYLOAD))
			.withMessageContaining("127.0.0.1 is not sent to");
		assertThat(this.service.pushesAt("/1")).isEmpty();
	}

	private PushSender sender(PushProperties properties) {
		return new PushSender(new PushServices(properties), this.store, new Vapid(properties, this.store), properties);
	}

	private void send(TestBrowser... browsers) throws InterruptedException {
		for (TestBrowser browser : browsers) {
			assertThat(this.store.put("Ann", browser.subscription())).isEqualTo(PushStore.Outcome.REGISTERED);
		}
		this.sender.send(this.store.subscriptionsOf("Ann"), PAYLOAD);
	}

	/** The browsers stay, and what is logged has no endpoint, which is a secret. */
	private void assertProblem(String sentence, TestBrowser... browsers) {
		assertThatExceptionOfType(PushSender.PushException.class).isThrownBy(() -> send(browsers))
			.withMessageContaining(sentence)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("http"));
		assertThat(this.store.subscriptionsOf("Ann")).hasSize(browsers.length);
		empty();
	}

}
