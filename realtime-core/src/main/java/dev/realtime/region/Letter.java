package dev.realtime.region;

import java.util.List;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.broker.NumberedRun;
import org.jspecify.annotations.Nullable;

/** What regions say to each other; {@link Letters} has the bytes. */
sealed interface Letter {

	/** A home has stored a message. */
	record Stored(TopicMessage message) implements Letter {
	}

	/**
	 * A home answers with a part of its log.
	 *
	 * @param head the topic's last position at home
	 */
	record Page(Topic topic, NumberedRun run, Position head) implements Letter {
	}

	/** The last positions of topics of a home. */
	record Heads(List<Topic> topics, List<Position> positions) implements Letter {
	}

	/**
	 * A publication for the home to number.
	 *
	 * @param region where the answer goes
	 * @param life names the process that waits
	 * @param number names the publication there
	 * @param deadline from when the home must not begin with it, in ms since 1970
	 * @param key what it is remembered by at home
	 */
	record Forwarded(String region, String life, long number, long deadline, String key,
			Publication publication) implements Letter {
	}

	/** A copy lacks what follows a position. */
	record PageWanted(Topic topic, Position position) implements Letter {
	}

	/** A node begins to copy: it wants to know the heads of all topics. */
	record HeadsWanted() implements Letter {
	}

	/** The home has published. */
	record Published(String life, long number, Position position, long timestamp, boolean duplicate,
			boolean replicated) implements Letter {
	}

	/** The home has not published, or does not know. */
	record Failed(String life, long number, @Nullable String why, boolean outcomeUnknown) implements Letter {
	}

	/** A region is there. */
	record Beat(String region) implements Letter {
	}

}
