package dev.realtime.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.loop.Loops;
import dev.realtime.testing.VirtualEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A client of an engine that throws errors, in virtual time. */
class SessionRelayFaultTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final Topic A = Topic.of("a");

	private static final Topic B = Topic.of("b");

	private final VirtualEnvironment environment = new VirtualEnvironment(7);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private final List<Session> sessions = new ArrayList<>();

	private final SessionRelay relay = new SessionRelay("Engine", this::open, TIMEOUT, Duration.ofSeconds(1),
			this.loops);

	private int reconnections;

	private int attempts;

	private @Nullable Error onOpen;

	@BeforeEach
	void start() {
		this.relay.start(new Relay.Listener() {
			@Override
			public void onMessage(TopicMessage message) {
				// not looked at
			}

			@Override
			public void onSignal(Signal signal) {
				// not looked at
			}

			@Override
			public void onReconnected() {
				SessionRelayFaultTests.this.reconnections++;
			}
		});
	}

	@AfterEach
	void close() {
		this.relay.close();
	}

	@Test
	void rule9_aSubscriptionAtWhichTheClientThrowsAnErrorFailsAndOthersAreConfirmed() {
		last().onSubscribe = new NoClassDefFoundError("simulated");
		CompletableFuture<Void> failed = this.relay.subscribe(A).toCompletableFuture();
		this.environment.runDue();
		assertThat(failed).isCompletedExceptionally();

		last().onSubscribe = null;
		CompletableFuture<Void> confirmed = this.relay.subscribe(B).toCompletableFuture();
		this.environment.runDue();
		assertThat(confirmed).isCompletedWithValue(null);
		assertThat(this.loops.states()).singleElement().satisfies((state) -> assertThat(state.failures()).isEqualTo(1));
	}

	@Test
	void rule9_aConfirmationAtWhichTheClientThrowsAnErrorFailsAndTheSessionIsReplaced() {
		Session first = last();
		first.onConfirm = new StackOverflowError("simulated");
		CompletableFuture<Void> failed = this.relay.subscribe(A).toCompletableFuture();
		this.environment.runDue();
		assertThat(failed).isCompletedExceptionally();

		this.environment.advance(Duration.ofSeconds(1));
		assertThat(first.open).isFalse();
		assertThat(last()).isNotSameAs(first);
		assertThat(last().subscribed).extracting(Object::toString).containsExactly("a");
		assertThat(this.relay.isConnected()).isTrue();
		assertThat(this.reconnections).isEqualTo(1);
	}

	@Test
	void rule9_anUnsubscriptionAtWhichTheClientThrowsAnErrorKeepsNoOtherFromWorking() {
		CompletionStage<Void> subscribed = this.relay.subscribe(A);
		this.environment.runDue();
		assertThat(subscribed.toCompletableFuture()).isCompleted();
		last().onUnsubscribe = new NoClassDefFoundError("simulated");
		CompletionStage<Void> unused = this.relay.unsubscribe(A);
		this.environment.advance(Duration.ofSeconds(2));
		assertThat(this.relay.isConnected()).isTrue();
		CompletableFuture<Void> next = this.relay.subscribe(B).toCompletableFuture();
		this.environment.runDue();
		assertThat(next).isCompletedWithValue(null);
		assertThat(last().subscribed).extracting(Object::toString).containsExactly("b");
	}

	@Test
	void rule9_aPublicationAtWhichTheClientThrowsAnErrorFails() {
		last().onPublish = new NoClassDefFoundError("simulated");
		CompletionStage<Void> sent = this.relay.signal(new Signal(A, "type", null, null, null));
		this.environment.runDue();
		assertThat(sent.toCompletableFuture()).isCompletedExceptionally();
		assertThat(this.relay.isConnected()).isTrue();
	}

	@Test
	void rule7_anEngineThatIsAwayForAnHourIsTriedAgainAtMostOnceASecond() {
		this.onOpen = new NoClassDefFoundError("simulated");
		Session first = last();
		first.onConfirm = new StackOverflowError("simulated");
		this.environment.advance(Duration.ofHours(1));
		assertThat(this.relay.isConnected()).isFalse();
		assertThat(this.attempts).isBetween(2_400, 3_700);
		this.onOpen = null;
		this.environment.advance(Duration.ofSeconds(2));
		assertThat(this.relay.isConnected()).isTrue();
		assertThat(this.reconnections).isEqualTo(1);
	}

	private RelaySession open(Incoming incoming, RelaySession.Events events) {
		this.attempts++;
		if (this.onOpen != null) {
			throw this.onOpen;
		}
		Session session = new Session();
		this.sessions.add(session);
		return session;
	}

	private Session last() {
		return this.sessions.get(this.sessions.size() - 1);
	}

	/** Works, unless it is to throw. */
	private static final class Session implements RelaySession {

		private final Set<Subscription> subscribed = new HashSet<>();

		private @Nullable Error onSubscribe;

		private @Nullable Error onUnsubscribe;

		private @Nullable Error onConfirm;

		private @Nullable Error onPublish;

		private boolean open = true;

		@Override
		public void subscribe(Subscription subscription) {
			check(this.onSubscribe);
			this.subscribed.add(subscription);
		}

		@Override
		public void unsubscribe(Subscription subscription) {
			check(this.onUnsubscribe);
			this.subscribed.remove(subscription);
		}

		@Override
		public void confirm(Duration timeout) {
			check(this.onConfirm);
		}

		@Override
		public CompletionStage<Void> publish(Topic topic, byte[] bytes) {
			check(this.onPublish);
			return CompletableFuture.completedFuture(null);
		}

		@Override
		public boolean isOpen() {
			return this.open;
		}

		@Override
		public void close() {
			this.open = false;
		}

		private static void check(@Nullable Error failure) {
			if (failure != null) {
				throw failure;
			}
		}

	}

}
