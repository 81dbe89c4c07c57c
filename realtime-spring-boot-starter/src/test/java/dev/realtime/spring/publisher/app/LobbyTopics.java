package dev.realtime.spring.publisher.app;

import dev.realtime.spring.publisher.TopicPublisher;

/** Private to its package, and so is the interface within. */
interface LobbyTopics {

	/** Publishes the text in the lobby. */
	@TopicPublisher("lobby")
	void posted(String text);

	/** What only doors say. */
	interface Doors {

		/** Publishes which door was opened. */
		@TopicPublisher("lobby.doors")
		void opened(String door);

	}

}
