package dev.realtime.spring.stomp;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageHandlingRunnable;

/**
 * A task that runs behind all messages of its session that a channel has taken already.
 *
 * @param message says whose session it is
 */
record InSessionOrder(Message<?> message, Runnable task) implements MessageHandlingRunnable {

	/** Runs the task on the channel's threads, or at once if it has none. */
	static void run(MessageChannel channel, Message<?> message, Runnable task) {
		@Nullable Executor executor = (channel instanceof ExecutorSubscribableChannel known) ? known.getExecutor() : null;
		if (executor != null) {
			executor.execute(new InSessionOrder(message, task));
		}
		else {
			task.run();
		}
	}

	@Override
	public Message<?> getMessage() {
		return this.message;
	}

	@Override
	public MessageHandler getMessageHandler() {
		return (handled) -> this.task.run();
	}

	@Override
	public void run() {
		this.task.run();
	}

}
