package dev.realtime.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;

/** The topic and the 128 bytes that all benchmarks publish. */
final class Room {

	static final Topic TOPIC = Topic.of("room.42");

	static final Content CONTENT = Content.of("x".repeat(128).getBytes(StandardCharsets.US_ASCII), Content.JSON, null,
			Map.of());

	static final Publication PUBLICATION = Publication.of(TOPIC, CONTENT);

	private Room() {
	}

	static TopicMessage message(Position position) {
		return new TopicMessage(TOPIC, position, 1_763_761_234_567L, null, CONTENT, null, 0);
	}

}
