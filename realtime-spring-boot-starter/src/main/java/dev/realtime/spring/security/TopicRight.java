package dev.realtime.spring.security;

/** What a client may be allowed to do on a topic. */
public enum TopicRight {

	/**
	 * Subscribe, recover, and read the history, the snapshot and what is unread; also
	 * announce typing.
	 */
	READ,

	/** Send straight to the topic, where its policy lets clients do so at all. */
	PUBLISH,

	/** See who is on the topic, and subscribe to its joins and leaves. */
	MEMBERS

}
