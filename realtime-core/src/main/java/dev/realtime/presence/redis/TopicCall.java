package dev.realtime.presence.redis;

import java.util.List;

/**
 * One call of {@link TopicScript}, as {@link LocalTopic} wants it.
 *
 * @param changes the users to write; none to renew the lease or to look what is due
 */
record TopicCall(List<Change> changes) {

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
