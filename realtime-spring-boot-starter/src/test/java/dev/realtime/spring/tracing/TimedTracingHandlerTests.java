package dev.realtime.spring.tracing;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Spans of what is over have its times, and links to those of further messages. */
class TimedTracingHandlerTests {

	private static final Instant BEGAN = Instant.ofEpochSecond(1_000, 1_000);

	private static final Instant ENDED = Instant.ofEpochSecond(1_001, 2_000);

	private final List<String> calls = new ArrayList<>();

	private final TimedTracingHandler handler = new TimedTracingHandler(recording(Tracer.class),
			recording(Propagator.class));

	@Test
	void aSpanBeginsAndEndsWhenThatDid() {
		record(new AnnounceObservationContext(message(1, true), BEGAN, ENDED, "rule"));
		assertThat(this.calls).containsSubsequence("startTimestamp[1000000001, MICROSECONDS]", "start",
				"end[1001000002, MICROSECONDS]");
		assertThat(this.calls).filteredOn((call) -> call.startsWith("startTimestamp")).hasSize(1);
	}

	@Test
	void aDeliveryOfSeveralMessagesIsLinkedToTheSpansOfAllButItsParents() {
		record(new DeliverObservationContext(
				List.of(message(1, true), message(2, true), message(3, false), message(4, true)), ENDED, "rule",
				"node"));
		assertThat(this.calls).filteredOn((call) -> call.startsWith("spanId"))
			.containsExactly("spanId[0000000000000002]", "spanId[0000000000000004]");
		assertThat(this.calls).filteredOn((call) -> call.startsWith("addLink")).hasSize(2);
		assertThat(this.calls).contains("traceId[4bf92f3577b34da6a3ce929d0e0e4736]");
	}

	@Test
	void aDeliveryOfOneMessageHasNoLink() {
		record(new DeliverObservationContext(List.of(message(1, true)), ENDED, "rule", "node"));
		assertThat(this.calls).noneMatch((call) -> call.startsWith("addLink"));
	}

	private void record(TimedObservationContext<?> context) {
		this.handler.onStart(context);
		this.handler.onStop(context);
	}

	private static TopicMessage message(long seq, boolean traced) {
		Content content = Content.text("text")
			.traced(traced ? "00-4bf92f3577b34da6a3ce929d0e0e4736-000000000000000" + seq + "-01" : null);
		return new TopicMessage(Topic.of("room"), new Position("E1", seq), BEGAN.toEpochMilli(), null, content, null,
				0);
	}

	/** Notes each call, and answers with what does so, too. */
	private <T> T recording(Class<T> type) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				this.calls.add(method.getName() + ((arguments != null) ? Arrays.toString(arguments) : ""));
				Class<?> answer = method.getReturnType();
				return (answer == type) ? proxy : answer.isInterface() ? recording(answer) : null;
			}));
	}

}
