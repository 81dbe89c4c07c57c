package dev.realtime.spring.security;

/**
 * Decides by the destination that a client would use, as Spring Security's message rules
 * do. Such rules can name any destination, those of users and of joins and leaves too.
 */
interface DestinationTopicAccess extends TopicAccess {

	/** Whether an interceptor has asked the same rules about every client's frame. */
	boolean decidesFrames();

}
