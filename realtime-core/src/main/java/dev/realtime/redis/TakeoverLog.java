package dev.realtime.redis;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what became of topics after a restart or failover, once for all partitions. */
final class TakeoverLog {

	private static final Logger logger = LoggerFactory.getLogger(TakeoverLog.class);

	private volatile String sentence = "This node has not yet joined.";

	private volatile String noted = "";

	String sentence() {
		return this.sentence;
	}

	void failed(Throwable failure) {
		this.sentence = "Redis cannot be queried: " + RedisLink.unwrap(failure).getMessage();
	}

	void comparing() {
		this.sentence = "Redis was restarted or failed over, and not all nodes known to it have compared their "
				+ "state with it yet.";
	}

	void elsewhere() {
		this.sentence = "Redis failed over twice within realtime.redis.takeover-timeout, and this node must not "
				+ "use the second server yet.";
	}

	void unregistered() {
		this.sentence = "This node is new and does not serve topics until as many replicas as realtime.redis.replicas "
				+ "confirm that they know it: a replica promoted before that would not consult it.";
	}

	void found(ContinuedPartition.Question asked, ContinuedPartition.Opened found) {
		boolean news = !asked.lineage().isEmpty() && !found.life().equals(this.noted)
				&& (asked.term() != found.term() || !asked.lineage().equals(found.lineage()));
		if (!news) {
			return;
		}
		this.noted = found.life();
		if (asked.lineage().equals(found.lineage())) {
			logger.info("Redis was restarted or failed over and has lost nothing that was confirmed or delivered: "
					+ "topics continue in their epochs");
		}
		else {
			logger.warn("Redis was restarted or failed over, and may have lost messages that were confirmed or "
					+ "delivered: topics begin new epochs");
		}
	}

}
