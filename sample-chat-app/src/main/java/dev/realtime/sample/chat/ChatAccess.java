package dev.realtime.sample.chat;

import java.security.Principal;

import dev.realtime.Topic;
import dev.realtime.spring.security.TopicAccess;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Who may read what two people say to each other. The rules of {@code application.yml}
 * name all other topics, and the starter asks about each topic at every entry point.
 */
@Component
class ChatAccess implements TopicAccess {

	@Override
	public boolean mayRead(@Nullable Principal user, Topic topic) {
		return user != null && DirectTopic.isOf(user.getName(), topic);
	}

}
