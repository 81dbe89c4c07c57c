package dev.realtime.spring.gateway;

/** What letters between gateways and nodes are. */
final class Kinds {

	/** A node is there: its own time. */
	static final String BEAT = "beat";

	/** A node takes no more, and answers what it has. */
	static final String LEAVING = "leaving";

	/** A node has ended. */
	static final String GONE = "gone";

	/** A SEND for a node. */
	static final String SEND = "send";

	/** A session of a gateway is closed. */
	static final String END = "end";

	/** What became of a SEND. */
	static final String ANSWER = "answer";

	/** A message for one session of a gateway. */
	static final String TELL = "tell";

	private Kinds() {
	}

}
