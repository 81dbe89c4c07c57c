package dev.realtime.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Overflow;
import dev.realtime.Publication;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.hub.VirtualHubFixture;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Gaps that wait in a queue whose oldest messages are dropped. */
class DroppedRangeTests extends VirtualHubFixture<MemoryBroker> {

	DroppedRangeTests() {
		super(new VirtualEnvironment(1), MemoryBroker::new, OPTIONS);
	}

	/** Found by the simulation: the ranges overlapped. */
	@Test
	void rule3_whatIsDroppedDoesNotGrowPastAGapThatWaits() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().queue(4, 64 * 1024, Overflow.DROP_OLDEST).build());
		RecordingTransport client = subscribed("a");
		client.stopReading();
		for (int i = 1; i <= 20; i++) {
			boolean excluded = i == 4;
			this.broker.publish(
					Publication.to(ROOM).content(Content.text("text")).excludeSession(excluded ? "a" : "b").build(),
					this.policies.of(ROOM));
			pass(Duration.ofMillis(50));
		}

		client.readAgain();
		pass(Duration.ofMillis(50));

		assertThat(client.others()).hasSizeGreaterThan(1);
		assertThat(numbers(client)).containsExactlyElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());
	}

	/** The numbers of messages and gaps, in the order in which the client got them. */
	private static List<Long> numbers(RecordingTransport client) {
		List<Long> numbers = new ArrayList<>();
		for (String frame : client.frames) {
			String[] words = frame.split(" ", -1);
			if (words[0].equals("message")) {
				numbers.add(Long.parseLong(words[2]));
			}
			else if (words[0].equals("gap")) {
				LongStream.rangeClosed(Long.parseLong(words[2]), Long.parseLong(words[3])).forEach(numbers::add);
			}
		}
		return numbers;
	}

}
