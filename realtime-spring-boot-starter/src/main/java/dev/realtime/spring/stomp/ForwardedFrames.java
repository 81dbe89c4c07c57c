package dev.realtime.spring.stomp;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.realtime.spring.Incident;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.gateway.ApplicationNode;
import dev.realtime.spring.gateway.ForwardedSend;
import dev.realtime.spring.gateway.ForwardedSends;
import dev.realtime.spring.gateway.ForwardedSession;
import dev.realtime.spring.gateway.GatewayUsers;
import dev.realtime.spring.gateway.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpAttributes;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MimeType;

/**
 * At a node of the application: gives what gateways hand on to the inbound channel, as if
 * the client had sent it here, and finds out what became of it. Interceptors of the
 * application and of Spring Security see it as any other SEND.
 */
final class ForwardedFrames implements ForwardedSends, ExecutorChannelInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(ForwardedFrames.class);

	private static final String ENGINE_PREFIX = "/realtime/";

	/** A header that no client can set: native headers have a map of their own. */
	private static final String FORWARDED = ForwardedFrames.class.getName();

	private final Supplier<MessageChannel> inbound;

	private final Supplier<@Nullable RealtimeBrokerMessageHandler> broker;

	private final GatewayUsers users;

	private final ApplicationNode node;

	ForwardedFrames(Supplier<MessageChannel> inbound, Supplier<@Nullable RealtimeBrokerMessageHandler> broker,
			GatewayUsers users, ApplicationNode node) {
		this.inbound = inbound;
		this.broker = broker;
		this.users = users;
		this.node = node;
	}

	@Override
	public void handle(ForwardedSend send, ForwardedSession session, BooleanSupplier mayStart,
			Consumer<Outcome> answer) {
		try {
			Forwarded forwarded = new Forwarded(mayStart, answer);
			Message<byte[]> message = message(send, session, forwarded);
			MessageChannel channel = this.inbound.get();
			InSessionOrder.run(channel, message, () -> send(channel, message, send.destination(), forwarded));
		}
		catch (Throwable ex) {
			answer.accept(refusal(ex));
		}
	}

	@Override
	public void ended(ForwardedSession session) {
		Message<byte[]> message = message(
				new ForwardedSend(session.id(), session.user(), List.of(), "/", Map.of(), null, new byte[0]), session,
				null);
		InSessionOrder.run(this.inbound.get(), message,
				() -> new SimpAttributes(session.id(), session.attributes()).sessionCompleted());
	}

	/** The user of a gateway's session, or null. */
	@Nullable String user(@Nullable String sessionId) {
		ForwardedSession session = (sessionId != null) ? this.node.session(sessionId) : null;
		return (session != null) ? session.user() : null;
	}

	/**
	 * Whether the message is for one session that a gateway has: then it is sent there.
	 */
	boolean tells(Message<?> message, String destination) {
		String id = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
		ForwardedSession session = (id != null) ? this.node.session(id) : null;
		if (session == null || !(message.getPayload() instanceof byte[] body)) {
			return false;
		}
		Object type = message.getHeaders().get(MessageHeaders.CONTENT_TYPE);
		this.node
			.tell(session,
					new ForwardedSend(session.id(), null, List.of(), destination, nativeHeaders(message),
							(type != null) ? type.toString() : null, body))
			.whenComplete((done, failure) -> {
				if (failure != null) {
					logger.debug("A message for one session did not reach its gateway", failure);
				}
			});
		return true;
	}

	@SuppressWarnings("unchecked")
	static Map<String, List<String>> nativeHeaders(Message<?> message) {
		Object found = message.getHeaders().get(NativeMessageHeaderAccessor.NATIVE_HEADERS);
		return (found != null) ? (Map<String, List<String>>) found : Map.of();
	}

	@Override
	public @Nullable Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
		return (!(message.getHeaders().get(FORWARDED) instanceof Forwarded forwarded) || forwarded.starts()) ? message
				: null;
	}

	@Override
	public void afterMessageHandled(Message<?> message, MessageChannel channel, MessageHandler handler,
			@Nullable Exception ex) {
		if (ex != null && message.getHeaders().get(FORWARDED) instanceof Forwarded forwarded) {
			forwarded.failure = ex;
		}
	}

	/** In the session's order. */
	private void send(MessageChannel channel, Message<byte[]> message, String destination, Forwarded forwarded) {
		try {
			check(destination);
			if (!channel.send(message)) {
				throw new RefusedException("forbidden", "The application does not accept this message");
			}
			InSessionOrder.run(channel, message, forwarded::finish);
		}
		catch (Throwable ex) {
			forwarded.answer.accept(refusal(ex));
		}
	}

	/** Only what the application's code takes. */
	private void check(String destination) {
		RealtimeBrokerMessageHandler known = this.broker.get();
		if (known == null) {
			throw new RefusedException(Outcome.UNAVAILABLE, "This node does not have the broker of the fleet");
		}
		KnownDestinations destinations = known.inboundDestinations();
		if (destinations.topics().match(destination) || destination.startsWith(destinations.userPrefix())
				|| destination.startsWith(ENGINE_PREFIX)
				|| !destinations.isForApplication(SimpMessageType.MESSAGE, destination)) {
			throw destinations.unknown(destination);
		}
	}

	private Message<byte[]> message(ForwardedSend send, ForwardedSession session, @Nullable Forwarded forwarded) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SEND, send.headers());
		headers.setSessionId(session.id());
		headers.setSessionAttributes(session.attributes());
		headers.setDestination(send.destination());
		if (send.user() != null) {
			headers.setUser(this.users.user(send.user(), send.authorities()));
		}
		if (send.contentType() != null) {
			headers.setContentType(MimeType.valueOf(send.contentType()));
		}
		if (forwarded != null) {
			headers.setHeader(FORWARDED, forwarded);
		}
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(send.body(), headers.getMessageHeaders());
	}

	private static Outcome refusal(Throwable failure) {
		RefusedException refusal = Refusals.find(failure);
		return (refusal != null) ? Outcome.refused(refusal.word(), refusal.sentence()) : Outcome.refused(Incident.WORD,
				Incident.log(logger, "a SEND of a gateway could not be handled", failure));
	}

	/** One SEND on its way through the channel; its handlers run one after the other. */
	private static final class Forwarded {

		final Consumer<Outcome> answer;

		private final BooleanSupplier mayStart;

		volatile @Nullable Exception failure;

		private volatile boolean started;

		private volatile boolean late;

		Forwarded(BooleanSupplier mayStart, Consumer<Outcome> answer) {
			this.mayStart = mayStart;
			this.answer = answer;
		}

		boolean starts() {
			if (!this.started && !this.late) {
				this.started = this.mayStart.getAsBoolean();
				this.late = !this.started;
			}
			return this.started;
		}

		void finish() {
			Exception failed = this.failure;
			this.answer.accept((failed != null) ? refusal(failed) : this.started ? Outcome.HANDLED : Outcome.AGAIN);
		}

	}

}
