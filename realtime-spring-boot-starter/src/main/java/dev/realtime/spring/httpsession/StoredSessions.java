package dev.realtime.spring.httpsession;

import java.util.function.Supplier;

import dev.realtime.spring.sessions.SessionDoor;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.events.SessionDestroyedEvent;
import org.springframework.util.function.SingletonSupplier;

/**
 * Hears from Spring Session which sessions end, where its repository says so, and asks
 * the others.
 */
final class StoredSessions implements ApplicationListener<SessionDestroyedEvent>, SessionCheck {

	private final SessionDoor door;

	private final Supplier<@Nullable SessionRepository<? extends Session>> repository;

	/**
	 * Makes a listener.
	 * @param repository asked once; gives null where there is none, or more than one
	 */
	StoredSessions(SessionDoor door, Supplier<@Nullable SessionRepository<? extends Session>> repository) {
		this.door = door;
		this.repository = SingletonSupplier.ofNullable(repository);
	}

	@Override
	public void onApplicationEvent(SessionDestroyedEvent event) {
		Session session = event.getSession();
		if (session != null && session.getAttribute(HttpSessionMark.ATTRIBUTE) instanceof String mark) {
			this.door.httpSessionEnded(mark);
		}
	}

	@Override
	public boolean isOver(String id) {
		SessionRepository<? extends Session> known = this.repository.get();
		if (known == null) {
			return false;
		}
		Session session = known.findById(id);
		return session == null || session.isExpired();
	}

}
