package dev.realtime.spring.users;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node tells the others about its sessions in one signal. It names sessions as
 * they are now, so applying it twice changes nothing.
 *
 * @param number counts the pages of one life of one node: 1, 2, 3, …
 * @param first whether a list of all sessions begins here
 * @param last whether that list ends here
 * @param sessions sessions that are new or have changed, or the next ones of the list
 * @param ended ids of sessions that have ended
 */
record RosterPage(long number, boolean first, boolean last, List<UserSession> sessions, List<String> ended) {

	/** Most characters of a page: a signal has room for a few more. */
	static final int MAX_SIZE = 60_000;

	/** Most characters of a session in a page. */
	static final int MAX_SESSION_SIZE = 20_000;

	private static final String VERSION = "1";

	RosterPage {
		sessions = List.copyOf(sessions);
		ended = List.copyOf(ended);
	}

	/** A page that only says that the node is alive. */
	static RosterPage empty() {
		return new RosterPage(0, false, false, List.of(), List.of());
	}

	RosterPage numbered(long number) {
		return new RosterPage(number, this.first, this.last, this.sessions, this.ended);
	}

	/** Each text has its length and a colon in front. */
	String text() {
		TextWriter text = new TextWriter();
		text.write(VERSION);
		text.write(Long.toString(this.number));
		text.write((this.first ? "f" : "") + (this.last ? "l" : ""));
		text.write(Integer.toString(this.ended.size()));
		this.ended.forEach(text::write);
		for (UserSession session : this.sessions) {
			text.write(session.id());
			text.write(session.user());
			text.write(Integer.toString(session.subscriptions().size()));
			session.subscriptions().forEach((id, destination) -> {
				text.write(id);
				text.write(destination);
			});
		}
		return text.toString();
	}

	/**
	 * Reads a page.
	 * @throws IllegalArgumentException when it is malformed or of an unknown version
	 */
	static RosterPage of(String text) {
		TextReader reader = new TextReader(text);
		String version = reader.read();
		if (!version.equals(VERSION)) {
			throw new IllegalArgumentException("Version \"" + version + "\" is unknown");
		}
		long number = Long.parseLong(reader.read());
		String flags = reader.read();
		int gone = reader.readCount();
		List<String> ended = new ArrayList<>(gone);
		for (int i = 0; i < gone; i++) {
			ended.add(reader.read());
		}
		List<UserSession> sessions = new ArrayList<>();
		while (reader.hasNext()) {
			sessions.add(session(reader));
		}
		return new RosterPage(number, flags.contains("f"), flags.contains("l"), sessions, ended);
	}

	private static UserSession session(TextReader reader) {
		String id = reader.read();
		String user = reader.read();
		int count = reader.readCount();
		Map<String, String> subscriptions = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			subscriptions.put(reader.read(), reader.read());
		}
		return new UserSession(id, user, subscriptions);
	}

	private static final class TextWriter {

		private final StringBuilder text = new StringBuilder();

		private void write(String part) {
			this.text.append(part.length()).append(':').append(part);
		}

		@Override
		public String toString() {
			return this.text.toString();
		}

	}

	private static final class TextReader {

		private final String text;

		private int position;

		private TextReader(String text) {
			this.text = text;
		}

		private boolean hasNext() {
			return this.position < this.text.length();
		}

		private String read() {
			int colon = this.text.indexOf(':', this.position);
			int length = (colon > 0) ? Integer.parseInt(this.text, this.position, colon, 10) : -1;
			if (length < 0 || length > this.text.length() - colon - 1) {
				throw new IllegalArgumentException("No text begins at index " + this.position);
			}
			this.position = colon + 1 + length;
			return this.text.substring(colon + 1, this.position);
		}

		/** No more than the rest can hold: a text takes two characters or more. */
		private int readCount() {
			int count = Integer.parseInt(read());
			if (count < 0 || count > (this.text.length() - this.position) / 2) {
				throw new IllegalArgumentException("A count of " + count + " is too large");
			}
			return count;
		}

	}

}
