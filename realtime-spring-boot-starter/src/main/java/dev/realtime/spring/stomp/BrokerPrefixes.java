package dev.realtime.spring.stomp;

import java.util.Collection;
import java.util.List;

import dev.realtime.spring.Destinations;

/**
 * The destinations that stand for topics. A prefix of one segment, such as
 * {@code /topic}, means this segment: {@code /topics/room.42} does not start with it.
 */
final class BrokerPrefixes {

	private final List<String> prefixes;

	private final Destinations destinations;

	BrokerPrefixes(Collection<String> prefixes, Destinations destinations) {
		this.prefixes = List.copyOf(prefixes);
		this.destinations = destinations;
	}

	/**
	 * Checks that none is the prefix of users' destinations: a client could subscribe to
	 * what is sent to somebody else.
	 * @throws IllegalStateException when one is
	 */
	void check() {
		for (String prefix : this.prefixes) {
			if ((prefix + '/').startsWith(this.destinations.userPrefix())) {
				throw new IllegalStateException("The broker must not have the prefix \"" + prefix
						+ "\", because user destinations have it: remove it from enableSimpleBroker(…). Messages of "
						+ "convertAndSendToUser(user, \"/queue/x\", …) need the prefix /queue, and clients subscribe to "
						+ this.destinations.userPrefix() + "queue/x");
			}
		}
	}

	/** Whether the destination stands for a topic; without any prefix all do. */
	boolean match(String destination) {
		return !destination.startsWith(this.destinations.userPrefix()) && matchPersonal(destination);
	}

	/**
	 * Whether the destination of one user's, without the user prefix and name, stands for
	 * a topic of that user.
	 */
	boolean matchPersonal(String destination) {
		for (String prefix : this.prefixes) {
			if (starts(destination, prefix)) {
				return true;
			}
		}
		return this.prefixes.isEmpty();
	}

	/** The prefixes, each with a slash where a segment ends. */
	List<String> names() {
		return this.prefixes.stream().map((prefix) -> isOpen(prefix) ? prefix + '/' : prefix).toList();
	}

	private static boolean starts(String destination, String prefix) {
		return destination.startsWith(prefix) && (!isOpen(prefix) || destination.length() == prefix.length()
				|| destination.charAt(prefix.length()) == '/');
	}

	/** Whether the prefix is one segment whose end it does not mark. */
	private static boolean isOpen(String prefix) {
		return prefix.startsWith("/") && prefix.indexOf('/', 1) < 0
				&& Character.isLetterOrDigit(prefix.charAt(prefix.length() - 1));
	}

}
