package dev.realtime.spring;

/** What a webhook may be told. */
public enum WebhookEvent {

	/** A topic has its first subscriber on this node, or in the fleet. */
	TOPIC_OCCUPIED("topic.occupied"),

	/** A topic has lost its last subscriber on this node, or in the fleet. */
	TOPIC_VACATED("topic.vacated"),

	/** A client has connected to this node. */
	CLIENT_CONNECTED("client.connected"),

	/** A client of this node is not connected any more. */
	CLIENT_DISCONNECTED("client.disconnected");

	private final String type;

	WebhookEvent(String type) {
		this.type = type;
	}

	/** Returns the value of {@code type} in the body. */
	public String type() {
		return this.type;
	}

}
