package dev.realtime.spring.asyncapi;

import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.realtime.Content;
import org.jspecify.annotations.Nullable;

/**
 * What the application does on a channel. Public for our own packages; not for
 * applications.
 *
 * @param operation a name for it, such as {@code RoomController.say}
 * @param action whether it sends or receives
 * @param address the channel
 * @param message what it sends or receives
 * @param answers what it sends for each message that it receives
 * @param summary a sentence for people
 */
public record Described(String operation, Action action, Address address, Sent message, List<Described> answers,
		String summary) {

	/** The same application gives the same document. */
	public static final Comparator<Described> ORDER = Comparator.comparing((Described each) -> each.address().text())
		.thenComparing(Described::action)
		.thenComparing(Described::operation)
		.thenComparing((each) -> typeName(each.message().payload()))
		.thenComparing((each) -> String.valueOf(each.message().type()));

	public Described {
		answers = List.copyOf(answers);
	}

	static Described send(String operation, Address address, Sent message, String summary) {
		return new Described(operation, Action.SEND, address, message, List.of(), summary);
	}

	private static String typeName(@Nullable Type type) {
		return (type != null) ? type.getTypeName() : "";
	}

	/** Whether the application sends or receives, which is how AsyncAPI 3 sees it. */
	public enum Action {

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
	public record Sent(@Nullable Type payload, @Nullable String type, @Nullable FrameHeaders headers,
			Map<String, Boolean> own) {

		public Sent {
			own = new TreeMap<>(own);
		}

		static Sent of(Type payload, @Nullable String type, FrameHeaders headers) {
			return new Sent(payload, type, headers, Map.of());
		}

		/**
		 * Returns what the application's converters are expected to say; null if that is
		 * open.
		 */
		public @Nullable String contentType() {
			Class<?> raw = (this.payload != null) ? PlainSchemas.raw(this.payload) : Content.class;
			if (raw == Content.class || raw == Object.class) {
				return null;
			}
			if (CharSequence.class.isAssignableFrom(raw)) {
				return "text/plain";
			}
			return (raw == byte[].class) ? "application/octet-stream" : "application/json";
		}

	}

}
