package dev.realtime.spring.json;

/**
 * Checks text against RFC 8259, so that a stored payload can be put into a document as it
 * is and cannot break out of it. Does not build anything and does not recurse.
 */
public final class JsonSyntax {

	/** Deeper documents are legal, but many parsers give up on them. */
	private static final int MAX_DEPTH = 500;

	private final String text;

	private int at;

	JsonSyntax(String text) {
		this.text = text;
	}

	/** Whether the text is exactly one JSON value. */
	public static boolean isValid(String text) {
		return new JsonSyntax(text).document();
	}

	private boolean document() {
		if (!value()) {
			return false;
		}
		space();
		return this.at == this.text.length();
	}

	/** Where the next character is. */
	int at() {
		return this.at;
	}

	/** Passes one value, whatever it is. */
	boolean value() {
		boolean[] inObject = new boolean[MAX_DEPTH];
		int depth = 0;
		while (true) {
			// a value is due
			space();
			char c = peek();
			if (c == '{' || c == '[') {
				if (depth == MAX_DEPTH) {
					return false;
				}
				this.at++;
				space();
				inObject[depth++] = c == '{';
				if (peek() != ((c == '{') ? '}' : ']')) {
					if (c == '{' && !key()) {
						return false;
					}
					continue;
				}
			}
			else if (!scalar(c)) {
				return false;
			}
			// a value has ended, or an empty container is about to
			while (true) {
				if (depth == 0) {
					return true;
				}
				space();
				if (take(',')) {
					if (inObject[depth - 1] && !key()) {
						return false;
					}
					break;
				}
				if (!take(inObject[depth - 1] ? '}' : ']')) {
					return false;
				}
				depth--;
			}
		}
	}

	/** A name and its colon. */
	private boolean key() {
		space();
		if (peek() != '"' || !string()) {
			return false;
		}
		space();
		return take(':');
	}

	private boolean scalar(char c) {
		return switch (c) {
			case '"' -> string();
			case 't' -> word("true");
			case 'f' -> word("false");
			case 'n' -> word("null");
			default -> number();
		};
	}

	private boolean word(String word) {
		if (!this.text.startsWith(word, this.at)) {
			return false;
		}
		this.at += word.length();
		return true;
	}

	/** Passes a string, of which the opening quote is next. */
	boolean string() {
		this.at++;
		while (this.at < this.text.length()) {
			char c = this.text.charAt(this.at++);
			if (c == '"') {
				return true;
			}
			if (c < ' ' || (c == '\\' && !escape())) {
				return false;
			}
		}
		return false;
	}

	private boolean escape() {
		char c = peek();
		this.at++;
		if (c != 'u') {
			return c != 0 && "\"\\/bfnrt".indexOf(c) >= 0;
		}
		for (int i = 0; i < 4; i++) {
			if (Character.digit(peek(), 16) < 0 || peek() > 'f') {
				return false;
			}
			this.at++;
		}
		return true;
	}

	private boolean number() {
		take('-');
		if (!take('0') && !digits()) {
			return false;
		}
		if (take('.') && !digits()) {
			return false;
		}
		if (take('e') || take('E')) {
			if (!take('+')) {
				take('-');
			}
			return digits();
		}
		return true;
	}

	private boolean digits() {
		int start = this.at;
		while (peek() >= '0' && peek() <= '9') {
			this.at++;
		}
		return this.at > start;
	}

	void space() {
		while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
			this.at++;
		}
	}

	boolean take(char c) {
		if (this.at < this.text.length() && this.text.charAt(this.at) == c) {
			this.at++;
			return true;
		}
		return false;
	}

	/** The next character, or 0 at the end. */
	char peek() {
		return (this.at < this.text.length()) ? this.text.charAt(this.at) : 0;
	}

}
