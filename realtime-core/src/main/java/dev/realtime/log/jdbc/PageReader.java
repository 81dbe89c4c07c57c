package dev.realtime.log.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import dev.realtime.jdbc.JdbcSession;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.log.LogPage;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page, in one session that sees what is committed when each statement starts.
 * <p>
 * The topic's row is read first. Every number up to its head is settled, so all messages
 * up to there can be seen by then, and what comes after it is not looked at. Messages
 * only ever go from the oldest on: so wherever rows do not begin with the number that was
 * expected, the row is read again and tells whether numbers in between were trimmed
 * meanwhile or are void.
 */
final class PageReader {

	/** Most rows, and about most payload bytes, that are in memory for one page. */
	private static final int CHUNK = 200;

	private static final int MAX_BYTES = 1 << 20;

	private final TopicRows topics;

	private final MessageRows messages;

	private final Topic topic;

	private final int limit;

	private final long now;

	private int bytes;

	PageReader(JdbcSession session, Topic topic, int limit, long now) {
		this.topics = new TopicRows(session);
		this.messages = new MessageRows(session);
		this.topic = topic;
		this.limit = limit;
		this.now = now;
	}

	LogPage after(Position position) throws SQLException {
		TopicRow row = topic();
		Position head = row.head();
		Position after = row.reader(position);
		if (!after.sameEpoch(head) || after.seq() > head.seq()) {
			return lost(LogPage.Reason.EPOCH_CHANGED, row);
		}
		if (row.firstSeq > after.seq() + 1
				|| (row.isOver(this.now) && this.messages.bounds(row).highest() > after.seq())) {
			return lost(LogPage.Reason.EXPIRED, row);
		}
		List<TopicMessage> found = new ArrayList<>();
		long from = after.seq() + 1;
		while (from <= head.seq()) {
			int wanted = Math.min(CHUNK, this.limit + 1 - found.size());
			List<TopicMessage> some = this.messages.ascending(row, from, head.seq(), this.now, wanted);
			if ((some.isEmpty() || some.get(0).seq() != from) && wasTrimmed(row, from)) {
				return (from == after.seq() + 1) ? lost(LogPage.Reason.EXPIRED, topic())
						: new LogPage.Found(found, head.withSeq(from - 1), head, true);
			}
			for (TopicMessage message : some) {
				if (isFull(found, message)) {
					return new LogPage.Found(found, head.withSeq(message.seq() - 1), head, true);
				}
				found.add(message);
			}
			if (some.size() < wanted) {
				break;
			}
			from = some.get(some.size() - 1).seq() + 1;
		}
		return new LogPage.Found(found, head, head, false);
	}

	LogPage before(@Nullable Position before) throws SQLException {
		TopicRow row = topic();
		Position head = row.head();
		if (before != null && !before.sameEpoch(head)) {
			return lost(LogPage.Reason.EPOCH_CHANGED, row);
		}
		long through = (before != null) ? Math.max(0, Math.min(before.seq() - 1, head.seq())) : head.seq();
		List<TopicMessage> found = new ArrayList<>();
		boolean hasMore = false;
		long to = row.isOver(this.now) ? 0 : through;
		while (to >= row.firstSeq && !hasMore) {
			int wanted = Math.min(CHUNK, this.limit + 1 - found.size());
			List<TopicMessage> some = this.messages.descending(row, row.firstSeq, to, this.now, wanted);
			for (TopicMessage message : some) {
				hasMore = isFull(found, message);
				if (hasMore) {
					break;
				}
				found.add(message);
			}
			to = (some.size() < wanted) ? 0 : some.get(some.size() - 1).seq() - 1;
		}
		Collections.reverse(found);
		return new LogPage.Found(found, head.withSeq(through), head, hasMore);
	}

	private boolean isFull(List<TopicMessage> found, TopicMessage next) {
		this.bytes += next.content().size();
		return found.size() == this.limit || (!found.isEmpty() && this.bytes > MAX_BYTES);
	}

	private boolean wasTrimmed(TopicRow row, long from) throws SQLException {
		TopicRow again = topic();
		return !again.epoch.equals(row.epoch) || again.firstSeq > from;
	}

	private LogPage lost(LogPage.Reason reason, TopicRow row) throws SQLException {
		long lowest = row.isOver(this.now) ? 0 : this.messages.bounds(row).lowest();
		return new LogPage.Lost(reason, row.head(), (lowest != 0) ? lowest : row.lastSeq + 1);
	}

	private TopicRow topic() throws SQLException {
		return Objects.requireNonNullElseGet(this.topics.currentExisting(this.topic), () -> TopicRow.none(this.topic));
	}

}
