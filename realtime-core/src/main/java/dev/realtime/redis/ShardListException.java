package dev.realtime.redis;

/**
 * The list of independent servers is not that of the other nodes, or one of its servers
 * is not fit for it. The message is a sentence that names the property.
 */
public final class ShardListException extends RuntimeException {

	/** The property of the list. */
	public static final String SHARDS = "realtime.redis.shards";

	/** The property of its generation. */
	public static final String GENERATION = "realtime.redis.shards-generation";

	private static final long serialVersionUID = 1L;

	private final String property;

	private final String value;

	private final String why;

	ShardListException(String property, String value, String why) {
		super(property + " = " + value + ' ' + why);
		this.property = property;
		this.value = value;
		this.why = why;
	}

	/** The property at fault: {@link #SHARDS} or {@link #GENERATION}. */
	public String property() {
		return this.property;
	}

	/** This node's value of the property, without credentials. */
	public String value() {
		return this.value;
	}

	/** What it must be, and what to do. */
	public String why() {
		return this.why;
	}

}
