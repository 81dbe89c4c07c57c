package dev.realtime.test.shop;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.Presence;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** When clients are closed the application has nothing of them any more. */
@RealtimeTest(classes = Shop.class)
@Import(DeparturesIT.SlowListener.class)
class DeparturesIT {

	private static final Topic ROOM = Topic.of("room.d1");

	@Autowired
	ApplicationContext application;

	@Autowired
	RealtimeNode node;

	@Autowired
	Presence presence;

	@Autowired
	SimpUserRegistry users;

	@Autowired
	SlowListener listener;

	@RepeatedTest(5)
	void nothingIsLeftOfAClient() {
		try (RealtimeTestClient client = RealtimeTestClient.of(this.application)) {
			client.asUser("ann").subscribe(ROOM.name());
			client.asUser("ann").subscribe(ROOM.name());
			assertThat(this.presence.count(ROOM).toCompletableFuture()).isCompletedWithValue(1L);
		}
		checkGone(2);
	}

	@Test
	void nothingIsLeftOfOneThatWasCutOff() {
		try (RealtimeTestClient client = RealtimeTestClient.of(this.application)) {
			RealtimeTestClient ann = client.asUser("ann");
			ann.subscribe(ROOM.name());
			ann.cut();
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> this.node.hub().connections().isEmpty());
		}
		checkGone(1);
	}

	@Test
	void nothingIsLeftOfOneThatCameBack() {
		try (RealtimeTestClient client = RealtimeTestClient.of(this.application)) {
			RealtimeTestClient ann = client.asUser("ann");
			ann.subscribe(ROOM.name());
			ann.reconnect();
			ann.disconnect();
			ann.reconnect();
		}
		checkGone(3);
	}

	@Test
	void othersOfTheSameUserStay() {
		try (RealtimeTestClient other = RealtimeTestClient.of(this.application)) {
			other.asUser("ann").subscribe(ROOM.name());
			try (RealtimeTestClient client = RealtimeTestClient.of(this.application)) {
				client.asUser("ann").subscribe(ROOM.name());
			}
			assertThat(this.node.hub().connections()).hasSize(1);
			assertThat(this.presence.count(ROOM).toCompletableFuture()).isCompletedWithValue(1L);
		}
		checkGone(2);
	}

	@AfterEach
	void forget() {
		this.listener.heard.clear();
	}

	private void checkGone(int sessions) {
		assertThat(this.node.hub().connections()).isEmpty();
		assertThat(this.users.getUserCount()).isZero();
		assertThat(this.presence.count(ROOM).toCompletableFuture()).isCompletedWithValue(0L);
		assertThat(this.listener.heard).hasSize(sessions);
	}

	/** An application that takes its time when a session ends. */
	static class SlowListener {

		final Set<String> heard = ConcurrentHashMap.newKeySet();

		@EventListener
		void ended(SessionDisconnectEvent event) {
			long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
			while (System.nanoTime() - end < 0) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
			}
			this.heard.add(event.getSessionId());
		}

	}

}
