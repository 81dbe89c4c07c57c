package dev.realtime;

/**
 * A pattern of topic names: {@code *} stands for exactly one segment, a final {@code **}
 * for one or more. {@code room.*} matches {@code room.42}, not {@code room.42.typing}.
 *
 * @param text the pattern
 */
public record TopicPattern(String text) {

	/**
	 * Checks the pattern.
	 * @throws IllegalTopicException when a segment is neither legal nor a wildcard
	 */
	public TopicPattern {
		String[] segments = text.split("\\.", -1);
		for (int i = 0; i < segments.length; i++) {
			String segment = segments[i];
			boolean tail = segment.equals("**") && i == segments.length - 1;
			if (!tail && !segment.equals("*")) {
				Topic.of(segment);
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
				n = endOfSegment(name, n);
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

	private static int endOfSegment(String name, int from) {
		int dot = name.indexOf('.', from);
		return (dot < 0) ? name.length() : dot;
	}

}
