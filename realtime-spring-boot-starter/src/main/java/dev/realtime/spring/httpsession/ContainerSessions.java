package dev.realtime.spring.httpsession;

import dev.realtime.spring.sessions.SessionDoor;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/** Hears from the servlet container which of its sessions end or change their ids. */
final class ContainerSessions implements HttpSessionListener, HttpSessionIdListener {

	private final SessionDoor door;

	ContainerSessions(SessionDoor door) {
		this.door = door;
	}

	@Override
	public void sessionDestroyed(HttpSessionEvent event) {
		if (event.getSession().getAttribute(HttpSessionMark.ATTRIBUTE) instanceof String mark) {
			this.door.httpSessionEnded(mark);
		}
	}

	@Override
	public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
		HttpSession session = event.getSession();
		if (session.getAttribute(HttpSessionMark.ATTRIBUTE) instanceof String mark) {
			this.door.httpSessionIdChanged(mark, session.getId());
		}
	}

}
