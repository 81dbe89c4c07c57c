package dev.realtime.connection;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;

import dev.realtime.TopicMessage;
import dev.realtime.delivery.Frame;
import org.jspecify.annotations.Nullable;

/** An interceptor that does what a test says, on threads of the JDK's. */
public final class TestInterceptor implements FrameInterceptor {

	private final Function<TopicMessage, @Nullable String> step;

	public volatile boolean active = true;

	public volatile Executor executor = ForkJoinPool.commonPool();

	/**
	 * Makes an interceptor.
	 * @param step returns the text to send, empty for the frame as it is, null for a veto
	 */
	public TestInterceptor(Function<TopicMessage, @Nullable String> step) {
		this.step = step;
	}

	@Override
	public boolean isActive() {
		return this.active;
	}

	@Override
	public void execute(Runnable task) {
		this.executor.execute(task);
	}

	@Override
	public @Nullable Frame intercept(Connection connection, String subscriptionId, TopicMessage message, Frame frame) {
		String text = this.step.apply(message);
		if (text == null) {
			return null;
		}
		return text.isEmpty() ? frame : Frame.of(("message " + subscriptionId + ' ' + message.seq() + ' ' + text)
			.getBytes(java.nio.charset.StandardCharsets.UTF_8));
	}

}
