package dev.realtime.spring.stomp;

import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import dev.realtime.spring.Incident;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpAttributesContextHolder;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;
import org.springframework.web.socket.messaging.SessionConnectEvent;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;

/**
 * Publishes that a client has subscribed or unsubscribed, when that is so. Spring would
 * publish it as soon as the frame is on its way to the handlers, before anything could
 * refuse it, and its user registry would keep what was refused. All other events of a
 * session pass unchanged. For one session neither event begins after its disconnect
 * event, which waits for a listener that runs, but not for ever: a listener may wait for
 * the end of the session itself.
 */
final class SubscriptionEvents implements ApplicationEventPublisher {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionEvents.class);

	/** How long one listener of a session is waited for before the next event. */
	static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final byte[] NO_PAYLOAD = {};

	private final ApplicationEventPublisher events;

	private volatile @Nullable StompSubProtocolHandler source;

	SubscriptionEvents(ApplicationEventPublisher events) {
		this.events = events;
	}

	/** Takes over what the handler publishes. */
	void takeOver(StompSubProtocolHandler handler) {
		this.source = handler;
		handler.setApplicationEventPublisher(this);
	}

	@Override
	public void publishEvent(Object event) {
		if (event instanceof SessionSubscribeEvent || event instanceof SessionUnsubscribeEvent
				|| (event instanceof SessionConnectEvent connect
						&& FrameMessages.isIntroduction(connect.getMessage()))) {
			return;
		}
		if (event instanceof SessionDisconnectEvent ending) {
			SubscriptionIds ids = SubscriptionIds.of(ending.getMessage());
			if (ids != null) {
				end(ids);
			}
		}
		this.events.publishEvent(event);
	}

	private void end(SubscriptionIds ids) {
		Thread late = ids.end(PATIENCE);
		if (late != null) {
			TimeoutException where = new TimeoutException("This is where the listener is");
			where.setStackTrace(late.getStackTrace());
			Incident.warn(logger,
					"A session has ended, and a listener of its SessionSubscribeEvent or "
							+ "SessionUnsubscribeEvent has not returned for " + PATIENCE.toSeconds()
							+ " s; listeners of SessionDisconnectEvent wait no longer for it",
					where);
		}
	}

	/** The client has subscribed; false when its session has ended meanwhile. */
	@SuppressWarnings("unchecked")
	boolean subscribed(SubscriptionIds ids, Message<?> subscribe) {
		Principal user = SimpMessageHeaderAccessor.getUser(subscribe.getHeaders());
		return publish(ids, subscribe, (from) -> new SessionSubscribeEvent(from, (Message<byte[]>) subscribe, user));
	}

	/** The subscription has ended, or could not begin. */
	void unsubscribed(SubscriptionIds ids, Message<?> frame, String id) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.UNSUBSCRIBE);
		headers.setSubscriptionId(id);
		headers.setSessionId(SimpMessageHeaderAccessor.getSessionId(frame.getHeaders()));
		headers.setSessionAttributes(SimpMessageHeaderAccessor.getSessionAttributes(frame.getHeaders()));
		Principal user = SimpMessageHeaderAccessor.getUser(frame.getHeaders());
		headers.setUser(user);
		Message<byte[]> message = MessageBuilder.createMessage(NO_PAYLOAD, headers.getMessageHeaders());
		boolean unused = publish(ids, frame, (from) -> new SessionUnsubscribeEvent(from, message, user));
	}

	private boolean publish(SubscriptionIds ids, Message<?> frame, Maker maker) {
		StompSubProtocolHandler from = this.source;
		return ids.unlessEnded(PATIENCE, () -> {
			if (from != null) {
				publish(frame, maker.make(from));
			}
		});
	}

	/** A listener that throws is logged, as Spring does. */
	private void publish(Message<?> frame, AbstractSubProtocolEvent event) {
		try {
			SimpAttributesContextHolder.setAttributesFromMessage(frame);
			this.events.publishEvent(event);
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			// The event's own text has the headers of the frame.
			Incident.error(logger, "A listener of " + event.getClass().getSimpleName() + " failed", ex);
		}
		finally {
			SimpAttributesContextHolder.resetAttributes();
		}
	}

	/** Makes an event of the handler's. */
	private interface Maker {

		AbstractSubProtocolEvent make(StompSubProtocolHandler source);

	}

}
