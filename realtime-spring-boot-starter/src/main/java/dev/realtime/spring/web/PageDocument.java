package dev.realtime.spring.web;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.json.Json;
import dev.realtime.log.LogPage;
import dev.realtime.spring.json.MessageDocument;

/**
 * Writes a page of messages as JSON. A page that would become too large is cut where the
 * reader would go on: at its end, or at its beginning when it reads backwards.
 */
final class PageDocument {

	/** Longest document, in characters, unless its only message is longer. */
	static final int MAX_LENGTH = 4 << 20;

	private PageDocument() {
	}

	static Json write(Topic topic, LogPage.Found page, boolean backwards) {
		Deque<String> messages = messages(page.messages(), backwards);
		boolean cut = messages.size() < page.messages().size();
		long through = (cut && !backwards) ? page.messages().get(messages.size() - 1).seq() : page.through().seq();
		Json json = new Json(256 + messages.stream().mapToInt((message) -> message.length() + 1).sum());
		json.open('{').optional("topic", topic.name()).optional("epoch", page.head().epoch());
		json.name("messages").open('[');
		messages.forEach(json::raw);
		json.close(']');
		json.name("through").value(through);
		json.name("latest").value(page.head().seq());
		json.name("hasMore").value(cut || page.hasMore());
		return json.close('}');
	}

	/** Those that fit, in ascending order. */
	private static Deque<String> messages(List<TopicMessage> all, boolean backwards) {
		Deque<String> fitting = new ArrayDeque<>(all.size());
		int length = 0;
		for (int i = 0; i < all.size(); i++) {
			Json json = new Json(256);
			MessageDocument.write(json, all.get(backwards ? all.size() - 1 - i : i));
			length += json.length();
			if (length > MAX_LENGTH && !fitting.isEmpty()) {
				break;
			}
			if (backwards) {
				fitting.addFirst(json.toString());
			}
			else {
				fitting.addLast(json.toString());
			}
		}
		return fitting;
	}

}
