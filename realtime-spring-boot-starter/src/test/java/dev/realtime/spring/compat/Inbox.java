package dev.realtime.spring.compat;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** What one subscription of a client has received. */
final class Inbox implements StompFrameHandler {

	private final List<Received> all = new CopyOnWriteArrayList<>();

	@Override
	public Type getPayloadType(StompHeaders headers) {
		return byte[].class;
	}

	@Override
	public void handleFrame(StompHeaders headers, @Nullable Object payload) {
		String text = (payload instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : "";
		this.all.add(new Received(headers, text));
	}

	Received first() {
		Awaitility.await("a message").until(() -> !this.all.isEmpty());
		return this.all.get(0);
	}

	List<String> texts() {
		return this.all.stream().map(Received::text).toList();
	}

	void awaitTexts(String... expected) {
		Awaitility.await().untilAsserted(() -> assertThat(texts()).containsExactly(expected));
	}

	record Received(StompHeaders headers, String text) {

	}

}
