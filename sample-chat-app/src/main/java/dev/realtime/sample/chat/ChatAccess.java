package dev.realtime.sample.chat;

import java.security.Principal;

import dev.realtime.Topic;
import dev.realtime.spring.security.TopicAccess;
import org.jspecify.annotations.Nullable;

/**
 * Who may read what. One rule for every door: HTTP asks it (history, presence, unread
 * counts, streams), and {@link SubscribeInterceptor} asks it for each SUBSCRIBE.
 */
class ChatAccess implements TopicAccess {

	@Override
	public boolean mayRead(@Nullable Principal user, Topic topic) {
		if (topic.name().equals("prices")) {
			return true;
		}
		if (user == null) {
			return false;
		}
		if (DirectTopic.is(topic)) {
			return DirectTopic.isOf(user.getName(), topic);
		}
		// A personal topic is asked about only for the user whose it is.
		return topic.name().startsWith("room.") || topic.name().equals("people") || topic.name().equals("fleet")
				|| topic.isReserved();
	}

}
