package dev.realtime.unread.jdbc;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.unread.Unread;

/**
 * A topic's numbering and a user's counts, of one moment and one epoch.
 *
 * @param latest the topic's last number
 * @param voids how many numbers carry no message
 * @param own how many messages are the user's own
 * @param read up to where the user has read
 * @param readVoids how many voids there are up to there
 * @param readOwn how many messages up to there are the user's own
 */
record ReadState(Position latest, long voids, long own, long read, long readVoids, long readOwn) {

	Unread unread(Topic topic) {
		long after = this.latest.seq() - this.read;
		long notTheirs = (this.voids - this.readVoids) + (this.own - this.readOwn);
		return new Unread(topic, this.latest, this.read, Math.max(0, after - notTheirs));
	}

	ReadState readThrough(long seq, long voids, long own) {
		return new ReadState(this.latest, this.voids, this.own, seq, voids, own);
	}

}
