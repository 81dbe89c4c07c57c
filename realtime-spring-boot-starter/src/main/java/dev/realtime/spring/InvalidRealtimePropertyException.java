package dev.realtime.spring;

import org.jspecify.annotations.Nullable;

/** A property whose value is out of its bounds; the message names it and says why. */
public class InvalidRealtimePropertyException extends IllegalArgumentException {

	private final String property;

	private final @Nullable Object value;

	private final String why;

	/**
	 * Reports a value.
	 * @param property the whole name, such as {@code realtime.redis.timeout}
	 * @param value what was given, or null when nothing was
	 * @param why what is legal
	 */
	public InvalidRealtimePropertyException(String property, @Nullable Object value, String why) {
		super("Property " + property + ((value != null) ? " = \"" + value + "\"" : " is missing") + ": " + why);
		this.property = property;
		this.value = value;
		this.why = why;
	}

	/** The property's whole name. */
	public String property() {
		return this.property;
	}

	/** What was given, or null when nothing was. */
	public @Nullable Object value() {
		return this.value;
	}

	/** What is legal. */
	public String why() {
		return this.why;
	}

}
