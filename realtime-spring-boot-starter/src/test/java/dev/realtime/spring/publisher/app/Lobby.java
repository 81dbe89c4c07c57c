package dev.realtime.spring.publisher.app;

import org.springframework.beans.factory.BeanFactory;

/** Publishes with the interfaces that are private to this package. */
public final class Lobby {

	private Lobby() {
	}

	/** Publishes with each of them. */
	public static void enter(BeanFactory beans, String name, String door) {
		beans.getBean(LobbyTopics.class).posted(name);
		beans.getBean(LobbyTopics.Doors.class).opened(door);
	}

}
