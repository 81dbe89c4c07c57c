package dev.realtime;

/**
 * A pattern of topic names: {@code *} stands for exactly one segment, a final {@code **}
 * for one or more. {@code room.*} matches {@code room.42}, not {@code room.42.typing}.
 * <p>
 * In a pattern with a slash, slashes separate segments: {@code user/*} matches
 * {@code user/ann@example.com}. In a pattern without one it is dots, and in one with
 * neither it is both.
 *
 * @param text the pattern
 */
public record TopicPattern(String text) {

	/**
	 * Checks the pattern.
	 * @throws IllegalTopicException when it could match no topic, or a wildcard is only a
	 * part of its segment
	 */
	public TopicPattern {
		Topic.of(text);
		String[] segments = text.split((text.indexOf('/') >= 0) ? "/" : "\\.", -1);
		for (int i = 0; i < segments.length; i++) {
			String segment = segments[i];
			boolean tail = segment.equals("**") && i == segments.length - 1;
			if (!tail && !segment.equals("*") && segment.indexOf('*') >= 0) {
				throw new IllegalTopicException(text,
						"* stands for one whole segment and a final ** for one or more, but segment \"" + segment
								+ "\" is neither");
			}
		}
	}

	/** Whether the topic's name fits. */
	public boolean matches(Topic topic) {
		String name = topic.name();
		int p = 0;
		int n = 0;
		while (p < this.text.length()) {
			if (this.text.startsWith("**", p)) {
				return n < name.length();
			}
			if (n >= name.length()) {
				return false;
			}
			if (this.text.charAt(p) == '*') {
				int end = endOfSegment(name, n);
				if (end == n) {
					return false;
				}
				n = end;
				p++;
			}
			else if (this.text.charAt(p) == name.charAt(n)) {
				p++;
				n++;
			}
			else {
				return false;
			}
		}
		return n == name.length();
	}

	/**
	 * Whether some topic may fit both patterns. Segments are not compared, so the answer
	 * may be true although no topic fits, and is never false when one does.
	 */
	public boolean overlaps(TopicPattern other) {
		String mine = this.text.replace("**", "*");
		String others = other.text.replace("**", "*");
		// Whether what is left of both from these indexes on may fit.
		boolean[][] fits = new boolean[mine.length() + 1][others.length() + 1];
		fits[mine.length()][others.length()] = true;
		for (int i = mine.length() - 1; i >= 0; i--) {
			for (int j = others.length() - 1; j >= 0; j--) {
				boolean wild = mine.charAt(i) == '*' || others.charAt(j) == '*';
				fits[i][j] = wild ? fits[i + 1][j + 1] || fits[i + 1][j] || fits[i][j + 1]
						: mine.charAt(i) == others.charAt(j) && fits[i + 1][j + 1];
			}
		}
		return fits[0][0];
	}

	private int endOfSegment(String name, int from) {
		boolean slashes = this.text.indexOf('/') >= 0;
		boolean dots = !slashes;
		boolean both = dots && this.text.indexOf('.') < 0;
		for (int i = from; i < name.length(); i++) {
			char c = name.charAt(i);
			if ((c == '/' && (slashes || both)) || (c == '.' && dots)) {
				return i;
			}
		}
		return name.length();
	}

}
