package dev.realtime.restriction;

/**
 * Something that the application or an operator has forbidden or ended.
 *
 * @param kind what it is
 * @param subject the user, token or session; 1 to {@value #MAX_SUBJECT_LENGTH} characters
 * @param detail what else belongs to it, see {@link Kind}; at most
 * {@value #MAX_DETAIL_LENGTH} characters
 */
public record Restriction(Kind kind, String subject, String detail) {

	/** Longest subject, in characters. */
	public static final int MAX_SUBJECT_LENGTH = 255;

	/** Longest detail, in characters. */
	public static final int MAX_DETAIL_LENGTH = 255;

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException if a part is empty or too long
	 */
	public Restriction {
		if (subject.isEmpty() || subject.length() > MAX_SUBJECT_LENGTH) {
			throw new IllegalArgumentException(
					"A subject has 1 to " + MAX_SUBJECT_LENGTH + " characters, not " + subject.length());
		}
		if (detail.length() > MAX_DETAIL_LENGTH) {
			throw new IllegalArgumentException(
					"A detail has at most " + MAX_DETAIL_LENGTH + " characters, not " + detail.length());
		}
	}

	/** The name under which it is stored; a later one of the same name replaces it. */
	public String key() {
		String key = this.kind.code() + ":" + this.subject;
		return (this.kind == Kind.UNSUBSCRIBED) ? key + '\n' + this.detail : key;
	}

	/**
	 * Makes a restriction of what was stored.
	 * @throws IllegalArgumentException if the kind is not known, such as one of a newer
	 * version
	 */
	public static Restriction of(String key, String detail) {
		int end = key.indexOf('\n');
		Kind kind = Kind.of(key);
		return new Restriction(kind, (kind == Kind.UNSUBSCRIBED && end > 0) ? key.substring(2, end) : key.substring(2),
				detail);
	}

	/** What is forbidden or ended. */
	public enum Kind {

		/** The user may neither connect nor read. */
		BLOCKED('b'),

		/** The token of this id is not accepted. */
		TOKEN('t'),

		/**
		 * Tokens of the user are not accepted that were issued before the time in the
		 * detail, in milliseconds since 1970.
		 */
		ISSUED_BEFORE('i'),

		/** The user's connections of that time were closed; the detail is the reason. */
		USER_CLOSED('c'),

		/** The connection was closed; the detail is the reason. */
		SESSION_CLOSED('s'),

		/**
		 * The user's subscriptions of that time ended; the detail is the topics' pattern.
		 */
		UNSUBSCRIBED('u');

		private final char code;

		Kind(char code) {
			this.code = code;
		}

		char code() {
			return this.code;
		}

		/** Whether it holds until it expires, rather than having happened once. */
		public boolean lasts() {
			return this == BLOCKED || this == TOKEN || this == ISSUED_BEFORE;
		}

		private static Kind of(String key) {
			for (Kind each : values()) {
				if (key.length() > 2 && key.charAt(0) == each.code && key.charAt(1) == ':') {
					return each;
				}
			}
			throw new IllegalArgumentException("No restriction of this version has the key \"" + key + '"');
		}

	}

}
