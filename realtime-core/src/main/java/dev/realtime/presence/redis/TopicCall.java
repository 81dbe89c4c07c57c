package dev.realtime.presence.redis;

import java.util.List;

/**
 * One call of {@link TopicScript}, as {@link LocalTopic} wants it.
 *
 * @param renewal whether the topic must be noted on the agenda in any case
 * @param claim our claim on the agenda, or empty
 * @param changes the users to write
 */
record TopicCall(boolean renewal, String claim, List<Change> changes) {

	/** Whether the topic's entry on the agenda must be touched after this reply. */
	boolean mustNote(TopicReply reply) {
		boolean earlier = reply.due() > 0 && (reply.dueBefore() == 0 || reply.due() < reply.dueBefore());
		return earlier || this.renewal || !this.claim.isEmpty();
	}

	/**
	 * A count to write.
	 *
	 * @param user whose
	 * @param count absolute, as it was when the call was made
	 * @param known the life of Redis that confirmed the user last, or empty
	 */
	record Change(LocalUser user, int count, String known) {
	}

}
