package dev.realtime.spring;

/** What a webhook may be told. */
public enum WebhookEvent {

	/** A topic has its first subscriber on this node. */
	TOPIC_OCCUPIED("topic.occupied"),

	/** A topic has lost its last subscriber on this node. */
	TOPIC_VACATED("topic.vacated");

	private final String type;

	WebhookEvent(String type) {
		this.type = type;
	}

	/** Returns the value of {@code type} in the body. */
	public String type() {
		return this.type;
	}

}
