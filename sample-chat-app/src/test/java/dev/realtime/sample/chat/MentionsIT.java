package dev.realtime.sample.chat;

import dev.realtime.test.RealtimeRefusedException;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How the chat is tested with the kit, in this JVM and with its topics in memory. That a
 * Redis is named keeps the sample from starting one; nothing connects to it.
 */
@RealtimeTest(properties = { "spring.datasource.url=jdbc:h2:mem:mentions", "spring.data.redis.host=localhost",
		"chat.secret=a-secret-of-this-test-with-32-characters" })
class MentionsIT {

	@Test
	void whoIsMentionedIsTold(RealtimeTestClient client) {
		RealtimeTestClient ann = client.asUser("Ann");
		RealtimeTestClient bob = client.asUser("Bob");
		TestSubscription room = ann.subscribe("room.kitchen");
		TestSubscription notices = bob.subscribe("/user/queue/notices");
		TestSubscription others = client.asUser("Carl").subscribe("/user/queue/notices");
		ann.send("/app/room/kitchen/say", new Say("Tea, @Bob?"));
		assertThat(room.awaitMessage().as(ChatMessage.class)).isEqualTo(new ChatMessage("Ann", "Tea, @Bob?"));
		assertThat(notices.awaitMessage().as(Notice.class).text()).isEqualTo("Tea, @Bob?");
		others.expectNoMessage();
	}

	@Test
	void whoWasAwayMissesNothing(RealtimeTestClient client) {
		RealtimeTestClient bob = client.asUser("Bob");
		TestSubscription notices = bob.subscribe("/user/queue/notices");
		bob.cut();
		client.asUser("Ann").send("/app/room/garden/say", new Say("@Bob, where are you?"));
		bob.reconnect();
		notices.awaitMessage();
		assertThat(notices).isRecovered().hasNoGaps();
	}

	@Test
	void whatTwoPeopleSayIsForThemAlone(RealtimeTestClient client) {
		client.asUser("Ann").subscribe("dm.Ann.Bob");
		assertThatExceptionOfType(RealtimeRefusedException.class)
			.isThrownBy(() -> client.asUser("Carl").subscribe("dm.Ann.Bob"))
			.returns("no-access", RealtimeRefusedException::reason);
	}

}
