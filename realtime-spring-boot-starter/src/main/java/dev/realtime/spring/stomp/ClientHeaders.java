package dev.realtime.spring.stomp;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import dev.realtime.Content;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.RealtimeProperties;

/**
 * The headers of a client's SEND that subscribers get:
 * {@code realtime.publish.client-headers} and no others. Names are compared without case.
 * A subscriber sees each name once and as it is configured, so no spelling of a client's
 * can stand for another header. Immutable.
 */
final class ClientHeaders {

	private static final String PROPERTY = "realtime.publish.client-headers";

	private static final int MOST = 64;

	/** Visible ASCII without the colon, so that a name has one spelling but for case. */
	private static final Pattern NAME = Pattern.compile("[!-9;-~]{1,128}");

	/** As configured, by the name in lower case. */
	private final Map<String, String> names = new LinkedHashMap<>();

	/** Whether a client may ask for the journey of its message. */
	private final boolean journeys;

	/** Those of {@code realtime.publish}. */
	static ClientHeaders of(RealtimeProperties.Publish properties) {
		return new ClientHeaders(properties.clientHeaders(), properties.clientJourneys());
	}

	/**
	 * Checks the names.
	 * @param journeys whether {@link Content#JOURNEY} is passed on as well, which
	 * subscribers do not get
	 * @throws InvalidRealtimePropertyException when there are too many, or one is no name
	 * or belongs to the protocol
	 */
	ClientHeaders(Collection<String> names, boolean journeys) {
		this.journeys = journeys;
		if (names.size() > MOST) {
			throw new InvalidRealtimePropertyException(PROPERTY, names, "must be " + MOST + " names at most");
		}
		for (String name : names) {
			String lower = name.toLowerCase(Locale.ROOT);
			if (!NAME.matcher(name).matches()) {
				throw new InvalidRealtimePropertyException(PROPERTY, name,
						"must be names of headers: 1 to 128 visible ASCII characters without a colon");
			}
			if (FrameHeaders.isOfServer(lower)) {
				throw new InvalidRealtimePropertyException(PROPERTY, name,
						"is a reserved header, which only the server sets or reads");
			}
			if (this.names.put(lower, name) != null) {
				throw new InvalidRealtimePropertyException(PROPERTY, name, "is listed twice");
			}
		}
	}

	/** Returns what is passed on of a client's frame; may be changed. */
	Map<String, String> of(FrameHeaders frame) {
		Map<String, String> passed = new LinkedHashMap<>(2);
		if (!this.names.isEmpty()) {
			frame.forSubscribers().forEach((name, value) -> {
				String configured = this.names.get(name.toLowerCase(Locale.ROOT));
				if (configured != null) {
					passed.putIfAbsent(configured, value);
				}
			});
		}
		if (this.journeys && "true".equals(frame.get(Content.JOURNEY))) {
			passed.put(Content.JOURNEY, "true");
		}
		return passed;
	}

}
