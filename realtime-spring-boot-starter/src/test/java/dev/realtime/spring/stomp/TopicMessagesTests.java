package dev.realtime.spring.stomp;

import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.delivery.Frame;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What interceptors see is what clients would get, so that frames stay shared. */
class TopicMessagesTests {

	private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

	private static final TopicMessage MESSAGE = new TopicMessage(Topic.of("room"), new Position("E1", 1), 1_000, null,
			Content.of(new byte[1], Content.TEXT, "type", Map.of("traceparent", "the publisher's")).traced(TRACEPARENT),
			null, 0);

	@Test
	void aMessageThatNoInterceptorChangesKeepsItsFrame() {
		for (boolean traces : new boolean[] { true, false }) {
			Frame original = frame(traces ? TRACEPARENT : null);
			TopicMessages messages = new TopicMessages((topic) -> "/topic/" + topic, traces);
			assertThat(TopicMessages.frame(messages.of(MESSAGE, "session", "s"), original)).isSameAs(original);
		}
	}

	private static Frame frame(@Nullable String traceparent) {
		return Frame.of(StompFrames.message(MESSAGE, "/topic/room", "s", traceparent));
	}

}
