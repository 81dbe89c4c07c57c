package dev.realtime.spring.stomp;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorChannelInterceptor;

/**
 * Calls a channel's interceptors as the channel does when it sends a message and hands it
 * to its handler on the same thread, for messages that are not sent through it.
 */
final class InterceptorChain {

	private final List<ChannelInterceptor> interceptors;

	private final List<ExecutorChannelInterceptor> executorInterceptors;

	private final MessageChannel channel;

	private final MessageHandler handler;

	private final Consumer<Throwable> late;

	/**
	 * Makes a chain.
	 * @param handler who handles the channel's messages, as interceptors are told
	 * @param late gets what interceptors throw when the message has been handled
	 */
	InterceptorChain(List<ChannelInterceptor> interceptors, MessageChannel channel, MessageHandler handler,
			Consumer<Throwable> late) {
		this.interceptors = List.copyOf(interceptors);
		this.executorInterceptors = interceptors.stream()
			.filter(ExecutorChannelInterceptor.class::isInstance)
			.map(ExecutorChannelInterceptor.class::cast)
			.toList();
		this.channel = channel;
		this.handler = handler;
		this.late = late;
	}

	/**
	 * Passes the message.
	 * @param handling what becomes of what the interceptors return
	 * @return the handling's result, or null when an interceptor vetoed
	 * @throws RuntimeException what an interceptor or the handling throws before the
	 * message has been handled; an {@link Error} likewise
	 */
	<T> @Nullable T send(Message<?> message, Function<Message<?>, T> handling) {
		int passed = 0;
		Message<?> current = message;
		T result = null;
		Throwable failure = null;
		try {
			for (ChannelInterceptor interceptor : this.interceptors) {
				Message<?> next = interceptor.preSend(current, this.channel);
				if (next == null) {
					return null;
				}
				current = next;
				passed++;
			}
			result = handle(current, handling);
			postSend(current);
			return result;
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			complete(passed, current, passed == this.interceptors.size() && failure == null, failure);
		}
	}

	private <T> @Nullable T handle(Message<?> message, Function<Message<?>, T> handling) {
		int passed = 0;
		Message<?> current = message;
		Throwable failure = null;
		try {
			for (ExecutorChannelInterceptor interceptor : this.executorInterceptors) {
				Message<?> next = interceptor.beforeHandle(current, this.channel, this.handler);
				if (next == null) {
					return null;
				}
				current = next;
				passed++;
			}
			return handling.apply(current);
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			Exception told = exception(current, failure);
			for (int i = passed - 1; i >= 0; i--) {
				try {
					this.executorInterceptors.get(i).afterMessageHandled(current, this.channel, this.handler, told);
				}
				catch (Throwable ex) {
					this.late.accept(ex);
				}
			}
		}
	}

	private void postSend(Message<?> message) {
		for (ChannelInterceptor interceptor : this.interceptors) {
			try {
				interceptor.postSend(message, this.channel, true);
			}
			catch (Throwable ex) {
				this.late.accept(ex);
			}
		}
	}

	private void complete(int passed, Message<?> message, boolean sent, @Nullable Throwable failure) {
		Exception told = exception(message, failure);
		for (int i = passed - 1; i >= 0; i--) {
			try {
				this.interceptors.get(i).afterSendCompletion(message, this.channel, sent, told);
			}
			catch (Throwable ex) {
				this.late.accept(ex);
			}
		}
	}

	/** Interceptors are told of exceptions only. */
	private static @Nullable Exception exception(Message<?> message, @Nullable Throwable failure) {
		return (failure == null || failure instanceof Exception) ? (Exception) failure
				: new MessageHandlingException(message, failure);
	}

}
