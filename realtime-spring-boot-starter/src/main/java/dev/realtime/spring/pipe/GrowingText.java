package dev.realtime.spring.pipe;

/**
 * The characters of one text, and how far they are published. From time to time the whole
 * text is published once more, piece by piece, so that a reader who came too late for the
 * beginning gets it, however long the topic's history is. For one thread.
 */
final class GrowingText {

	private final int pieceSize;

	private final int maxLength;

	private final int repeatAfter;

	private final StringBuilder text = new StringBuilder();

	/** How many characters are published. */
	private int published;

	/** How many are published once more, or -1 if they are not being repeated. */
	private int repeated = -1;

	/**
	 * How many messages were published since the text was last published from its start.
	 */
	private int messages;

	/**
	 * Creates an empty text.
	 * @param pieceSize most characters of one piece; 2 or more
	 * @param repeatAfter how many messages a text may need before it is repeated
	 */
	GrowingText(int pieceSize, int maxLength, int repeatAfter) {
		this.pieceSize = pieceSize;
		this.maxLength = maxLength;
		this.repeatAfter = repeatAfter;
	}

	/**
	 * Adds to the text as much as there is room for.
	 * @return whether all of it had room
	 */
	boolean append(String more) {
		int room = this.maxLength - this.text.length();
		if (more.length() <= room) {
			this.text.append(more);
			return true;
		}
		this.text.append(more, 0, (room > 0 && isPair(more, room)) ? room - 1 : room);
		return false;
	}

	/** How many characters are published. */
	int published() {
		return this.published;
	}

	/** Whether something is to be published once more. */
	boolean isRepeating() {
		return this.repeated >= 0;
	}

	/**
	 * Whether some of the text is not published.
	 * @param complete whether no more comes: until then the first half of a character
	 * waits for its second half
	 */
	boolean hasMore(boolean complete) {
		return this.published < available(complete);
	}

	/** Where the next piece begins. */
	int offset() {
		return isRepeating() ? this.repeated : this.published;
	}

	/** Returns the next piece; empty if there is nothing to publish. */
	String piece(boolean complete) {
		int from = offset();
		int limit = isRepeating() ? this.published : available(complete);
		int to = Math.min(limit, from + this.pieceSize);
		if (to < limit && isPair(this.text, to)) {
			to--;
		}
		return this.text.substring(from, to);
	}

	/** The piece that began at the offset is published. */
	void published(int length) {
		this.messages++;
		if (isRepeating()) {
			this.repeated += length;
			this.repeated = (this.repeated < this.published) ? this.repeated : -1;
			return;
		}
		this.published += length;
		int pieces = this.published / this.pieceSize + 1;
		// a repetition must not be most of what is published
		if (this.published > 0 && this.messages >= Math.max(this.repeatAfter, 4 * pieces)) {
			this.repeated = 0;
			this.messages = 0;
		}
	}

	private int available(boolean complete) {
		int length = this.text.length();
		boolean half = !complete && length > this.published && Character.isHighSurrogate(this.text.charAt(length - 1));
		return half ? length - 1 : length;
	}

	/** Whether the two chars around the index are one character. */
	private static boolean isPair(CharSequence text, int index) {
		return Character.isHighSurrogate(text.charAt(index - 1)) && Character.isLowSurrogate(text.charAt(index));
	}

}
