package dev.realtime.spring.drain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.drain.NodeDrain.State;
import dev.realtime.spring.drain.NodeReadiness.Reason;
import dev.realtime.testing.CapturedLog;
import dev.realtime.testing.VirtualEnvironment;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** An operator takes a node out of service, and back. */
class NodeDrainTests {

	private static final Duration DELAY = Duration.ofSeconds(10);

	private static final Duration SPREAD = Duration.ofSeconds(5);

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	@RegisterExtension
	private final CapturedLog log = new CapturedLog(NodeDrain.class);

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private final RealtimeNode node = RealtimeNode
		.builder("test", new MemoryBroker(this.environment), new MemoryPresence(PresenceOptions.DEFAULT, this.loops))
		.loops(this.loops)
		.build();

	private final StaticApplicationContext context = new StaticApplicationContext();

	private final ApplicationAvailabilityBean availability = new ApplicationAvailabilityBean();

	private final NodeReadiness readiness = new NodeReadiness(this.context, this.availability);

	private final NodeDrain drain = new NodeDrain(this.node, new RealtimeProperties.Drain(true, DELAY, SPREAD, TIMEOUT),
			this.readiness, this.loops);

	private final List<Integer> drained = new ArrayList<>();

	private boolean failing;

	@BeforeEach
	void start() {
		this.context.addApplicationListener(this.availability);
		this.context.addApplicationListener(new SmartApplicationListener() {

			@Override
			public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
				return AvailabilityChangeEvent.class.isAssignableFrom(type);
			}

			/** Before the bean that keeps the state. */
			@Override
			public int getOrder() {
				return Ordered.HIGHEST_PRECEDENCE;
			}

			@Override
			public void onApplicationEvent(ApplicationEvent event) {
				if (NodeDrainTests.this.failing) {
					throw new AssertionError("on purpose");
				}
			}

		});
		this.context.refresh();
		AvailabilityChangeEvent.publish(this.context, this.context, ReadinessState.ACCEPTING_TRAFFIC);
		this.node.onDrained((nanos, left) -> this.drained.add(left));
		this.node.start();
		this.drain.start();
	}

	@AfterEach
	void close() {
		this.drain.stop();
		this.node.close();
		this.context.close();
	}

	@Test
	void loadBalancersAreToldFirstThenClients() {
		RecordingTransport client = connect("ann");
		assertThat(this.drain.drain("olga")).isTrue();
		this.environment.advance(DELAY.minusSeconds(1));

		assertThat(ready()).isFalse();
		assertThat(this.drain.state()).isEqualTo(State.LEAVING);
		assertThat(connect("late").closed).isNull();
		assertThat(client.closed).isNull();

		this.environment.advance(SPREAD.plusSeconds(2));
		assertThat(client.closed).isEqualTo(CloseReason.RESTART);
		assertThat(client.frames).anyMatch((frame) -> frame.contains("reconnect"));
		assertThat(connect("later").closed).isEqualTo(CloseReason.RESTART);
		assertThat(this.drain.state()).isEqualTo(State.DRAINED);
		assertThat(this.drained).containsExactly(0);

		this.environment.advance(Duration.ofMinutes(1));
		assertThat(this.drained).containsExactly(0);
		assertThat(ready()).isFalse();
	}

	@Test
	void theMeterShowsHowLongTheNodeHasBeenOutOfService() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new NodeDrainMetrics(this.drain).bindTo(registry);
		Gauge age = registry.get("realtime.drained.age").gauge();
		this.environment.advance(Duration.ofMinutes(5));
		assertThat(age.value()).isZero();
		this.drain.drain("olga");
		this.environment.advance(Duration.ofMinutes(90));
		assertThat(this.drain.drain("otto")).isFalse();
		assertThat(this.drain.state()).isEqualTo(State.DRAINED);
		assertThat(age.value()).isEqualTo(90 * 60);
		this.drain.resume("olga");
		assertThat(age.value()).isZero();
		this.environment.advance(Duration.ofMinutes(1));
		this.drain.drain("olga");
		this.environment.advance(Duration.ofSeconds(3));
		assertThat(age.value()).isEqualTo(3);
	}

	@Test
	void aSecondDrainChangesNothing() {
		connect("ann");
		assertThat(this.drain.drain("olga")).isTrue();
		this.environment.advance(DELAY.plusSeconds(1));
		assertThat(this.drain.drain("otto")).isFalse();
		assertThat(this.drain.state()).isEqualTo(State.DRAINING);
		this.environment.advance(SPREAD);
		assertThat(this.drain.drain("otto")).isFalse();
		assertThat(this.drain.state()).isEqualTo(State.DRAINED);
		assertThat(this.drained).containsExactly(0);
	}

	@Test
	void aResumedNodeTakesClientsAgain() {
		assertThat(this.drain.resume("olga")).isFalse();
		this.drain.drain("olga");
		this.environment.advance(DELAY.plusSeconds(1));
		assertThat(this.drain.resume("olga")).isTrue();
		this.environment.advance(Duration.ofMinutes(1));

		assertThat(ready()).isTrue();
		assertThat(connect("ann").closed).isNull();
		assertThat(this.drain.state()).isEqualTo(State.SERVING);
		assertThat(this.drain.drain("olga")).isTrue();
		this.environment.advance(Duration.ofMinutes(1));
		assertThat(this.drain.state()).isEqualTo(State.DRAINED);
	}

	@Test
	void aNodeThatIsResumedBeforeItsDelayIsOverSendsNobodyAway() {
		RecordingTransport client = connect("ann");
		this.drain.drain("olga");
		this.environment.advance(Duration.ofSeconds(1));
		this.drain.resume("olga");
		this.environment.advance(Duration.ofMinutes(1));

		assertThat(client.closed).isNull();
		assertThat(ready()).isTrue();
	}

	@Test
	void whoDoesNotEndIsCountedOnceAndWaitedFor() {
		RecordingTransport stuck = new RecordingTransport();
		this.node.hub().connect("stuck", stuck).introduce(null, true, Duration.ZERO, Duration.ZERO);
		stuck.stopReading();
		this.drain.drain("olga");
		this.environment.advance(DELAY.plus(TIMEOUT).plusMillis(500));
		assertThat(this.drained).containsExactly(1);
		assertThat(this.drain.state()).isEqualTo(State.DRAINING);

		stuck.readAgain();
		this.environment.advance(Duration.ofMinutes(2));
		assertThat(this.drain.state()).isEqualTo(State.DRAINED);
		assertThat(this.drained).containsExactly(1);
	}

	@Test
	void rule9_aListenerOfTheApplicationThatThrowsKeepsNoClientHere() {
		RecordingTransport client = connect("ann");
		this.failing = true;
		this.drain.drain("olga");
		this.environment.advance(DELAY.plus(SPREAD).plusSeconds(1));

		assertThat(client.closed).isEqualTo(CloseReason.RESTART);
		assertThat(this.drain.state()).isEqualTo(State.DRAINED);
		this.failing = false;
		this.environment.advance(Duration.ofSeconds(1));
		assertThat(ready()).isFalse();
	}

	@Test
	void rule9_aSecondResumeRepairsTheReadinessThatAListenerKeptDown() {
		this.drain.drain("olga");
		this.environment.advance(Duration.ofSeconds(1));
		this.failing = true;
		this.drain.resume("olga");
		this.environment.advance(Duration.ofSeconds(1));
		this.failing = false;
		assertThat(ready()).isFalse();
		assertThat(this.drain.resume("olga")).isFalse();
		this.environment.advance(Duration.ofSeconds(1));
		assertThat(ready()).isTrue();
	}

	@Test
	void aNodeThatAcceptsTrafficForAnotherReasonRefusesItAgain() {
		this.drain.drain("olga");
		this.environment.advance(Duration.ofSeconds(1));
		AvailabilityChangeEvent.publish(this.context, this.context, ReadinessState.ACCEPTING_TRAFFIC);
		this.environment.advance(Duration.ofSeconds(1));
		assertThat(ready()).isFalse();
	}

	@Test
	void eachReasonToRefuseTrafficCountsByItself() {
		this.readiness.set(Reason.ISOLATED, false);
		this.drain.drain("olga");
		this.environment.advance(Duration.ofSeconds(1));
		this.readiness.set(Reason.ISOLATED, true);
		assertThat(ready()).isFalse();
		this.readiness.set(Reason.ISOLATED, false);
		this.drain.resume("olga");
		this.environment.advance(Duration.ofSeconds(1));
		assertThat(ready()).isFalse();
		this.readiness.set(Reason.ISOLATED, true);
		assertThat(ready()).isTrue();
	}

	@Test
	void whatTheApplicationRefusesIsNotAcceptedByAResume() {
		AvailabilityChangeEvent.publish(this.context, this.context, ReadinessState.REFUSING_TRAFFIC);
		this.drain.drain("olga");
		this.environment.advance(Duration.ofSeconds(1));
		this.drain.resume("olga");
		this.environment.advance(Duration.ofSeconds(1));
		assertThat(ready()).isFalse();
	}

	@Test
	void whoHasAskedForItCannotForgeALineOfTheLog() {
		this.drain.drain("olga\r\n\u2028INFO all is well");
		this.drain.resume("olga\nINFO all is well");
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
			.hasSize(2)
			.allSatisfy((line) -> assertThat(line).containsPattern("olga\\?+INFO all is well")
				.doesNotContainPattern("[\\r\\n\\u2028]"));
	}

	@Test
	void aNodeThatEndsTakesNoCommand() {
		this.drain.stop();
		assertThatIllegalStateException().isThrownBy(() -> this.drain.drain("olga")).withMessageContaining("end");
		assertThatIllegalStateException().isThrownBy(() -> this.drain.resume("olga"));
	}

	private boolean ready() {
		return this.availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
	}

	private RecordingTransport connect(String id) {
		RecordingTransport transport = new RecordingTransport();
		this.node.hub().connect(id, transport).introduce(null, true, Duration.ZERO, Duration.ZERO);
		this.environment.advance(Duration.ZERO);
		return transport;
	}

}
