package dev.realtime.spring.stomp;

import java.io.IOException;

import dev.realtime.hub.CloseReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;

/** Closes container sessions; may block for as long as the container does. */
final class Closing {

	private static final Logger logger = LoggerFactory.getLogger(Closing.class);

	private Closing() {
	}

	static void close(WebSocketSession session, CloseReason reason) {
		try {
			session.close(new CloseStatus(reason.code(), reason.text()));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Session {} was closed already", session.getId(), ex);
		}
	}

}
