package dev.realtime.spring.stomp;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;

import dev.realtime.TopicMessage;
import dev.realtime.connection.Connection;
import dev.realtime.connection.FrameInterceptor;
import dev.realtime.delivery.Frame;
import dev.realtime.hub.Hub;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;

/**
 * Lets the interceptors that the application has registered on the client outbound
 * channel see each topic message for each subscriber, although these messages do not pass
 * the channel: when a connection's next batch is taken out of its queue, on threads of
 * their own. Interceptors that come later count, too.
 * <p>
 * Spring's own interceptors from {@code org.springframework.messaging} are no reason to
 * do so, but run with the others. Spring Security's are one.
 */
final class OutboundInterceptors implements FrameInterceptor, SmartInitializingSingleton {

	private static final String SPRINGS_OWN = "org.springframework.messaging.";

	private static final Logger logger = LoggerFactory.getLogger(OutboundInterceptors.class);

	private final Hub hub;

	private final AbstractSubscribableChannel outbound;

	private final TopicMessages messages;

	private final Loop threads;

	/** The channel's list itself: its size is looked at for each batch. */
	private final List<ChannelInterceptor> registered;

	private volatile Known known = new Known(0, null);

	OutboundInterceptors(Hub hub, AbstractSubscribableChannel outbound, TopicMessages messages, Loop threads) {
		this.hub = hub;
		this.outbound = outbound;
		this.messages = messages;
		this.threads = threads;
		this.registered = outbound.getInterceptors();
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.hub.intercept(this);
		boolean unused = isActive();
	}

	@Override
	public boolean isActive() {
		return chain() != null;
	}

	@Override
	public void execute(Runnable task) {
		if (this.threads.isClosed()) {
			throw new RejectedExecutionException("The application is shutting down");
		}
		this.threads.execute(task);
	}

	@Override
	public @Nullable Frame intercept(Connection connection, String subscriptionId, TopicMessage message, Frame frame) {
		InterceptorChain chain = chain();
		if (chain == null) {
			return frame;
		}
		return chain.send(this.messages.of(message, connection.id(), subscriptionId),
				(result) -> TopicMessages.frame(result, frame));
	}

	private @Nullable InterceptorChain chain() {
		Known now = this.known;
		return (this.registered.size() == now.count()) ? now.chain() : lookAgain();
	}

	private synchronized @Nullable InterceptorChain lookAgain() {
		List<ChannelInterceptor> all = Arrays.stream(this.registered.toArray(new ChannelInterceptor[0]))
			.filter(Objects::nonNull)
			.toList();
		if (all.size() == this.known.count()) {
			return this.known.chain();
		}
		List<String> own = all.stream()
			.map((interceptor) -> interceptor.getClass().getName())
			.filter((name) -> !name.startsWith(SPRINGS_OWN))
			.toList();
		InterceptorChain chain = null;
		if (!own.isEmpty()) {
			logger.warn("Topic messages pass interceptors of the client outbound channel one by one for each "
					+ "subscriber, because the application registered some: {}. Without them delivery is many times "
					+ "faster", own);
			chain = new InterceptorChain(all, this.outbound, handler(), this.threads::failed);
		}
		this.known = new Known(all.size(), chain);
		return chain;
	}

	/** Who handles the channel's messages, as interceptors are told. */
	private MessageHandler handler() {
		return this.outbound.getSubscribers().stream().findFirst().orElse((message) -> {
		});
	}

	/** What was found when there were so many interceptors. */
	private record Known(int count, @Nullable InterceptorChain chain) {
	}

}
