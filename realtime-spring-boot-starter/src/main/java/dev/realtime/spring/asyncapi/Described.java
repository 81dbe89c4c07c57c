package dev.realtime.spring.asyncapi;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What the application does on a channel.
 *
 * @param operation a name for it, such as {@code RoomController.say}
 * @param action whether it sends or receives
 * @param address the channel
 * @param message what it sends or receives
 * @param answers what it sends for each message that it receives
 * @param summary a sentence for people
 */
record Described(String operation, Action action, Address address, Sent message, List<Described> answers,
		String summary) {

	Described {
		answers = List.copyOf(answers);
	}

	static Described send(String operation, Address address, Sent message, String summary) {
		return new Described(operation, Action.SEND, address, message, List.of(), summary);
	}

	/** Whether the application sends or receives, which is how AsyncAPI 3 sees it. */
	enum Action {

		SEND, RECEIVE

	}

	/**
	 * The messages of an operation.
	 *
	 * @param payload the type of the payload; null if there is none
	 * @param type the value of the header {@code type}, or null
	 * @param headers the headers of the frame; null if there are none to name
	 * @param own headers that the application reads, and whether it requires them
	 */
	record Sent(@Nullable Type payload, @Nullable String type, @Nullable FrameHeaders headers,
			Map<String, Boolean> own) {

		Sent {
			own = new TreeMap<>(own);
		}

		static Sent of(Type payload, @Nullable String type, FrameHeaders headers) {
			return new Sent(payload, type, headers, Map.of());
		}

	}

}
