package dev.realtime.spring.users;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * A session of a user, as one node tells the others.
 *
 * @param id the session's id
 * @param user the user's name
 * @param subscriptions destinations by the subscriptions' ids
 */
record UserSession(String id, String user, Map<String, String> subscriptions) {

	/** What a text adds to its characters at most: its length and a colon. */
	private static final int LENGTH_AND_COLON = 8;

	UserSession {
		subscriptions = Map.copyOf(subscriptions);
	}

	/** How many characters it takes in a page, at most. */
	int size() {
		int size = size(this.id) + size(this.user) + LENGTH_AND_COLON;
		for (Map.Entry<String, String> subscription : this.subscriptions.entrySet()) {
			size += size(subscription.getKey()) + size(subscription.getValue());
		}
		return size;
	}

	/** Returns this session with as many subscriptions as fit, always the same ones. */
	UserSession within(int most) {
		Map<String, String> fitting = new TreeMap<>(this.subscriptions);
		int size = size();
		Iterator<Map.Entry<String, String>> each = fitting.entrySet().iterator();
		while (size > most && each.hasNext()) {
			Map.Entry<String, String> subscription = each.next();
			size -= size(subscription.getKey()) + size(subscription.getValue());
			each.remove();
		}
		return new UserSession(this.id, this.user, fitting);
	}

	static int size(String text) {
		return text.length() + LENGTH_AND_COLON;
	}

}
