package dev.realtime.connection;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.TopicMessage;
import dev.realtime.delivery.Frame;
import dev.realtime.delivery.Gap;
import org.jspecify.annotations.Nullable;

/**
 * One batch of one connection on its way through the {@link FrameInterceptor}. Runs off
 * the shard, and hands the frames to write back to it.
 */
final class Interception implements Runnable {

	private final FrameInterceptor interceptor;

	private final Connection connection;

	private final List<Frame> frames;

	private final List<Frame> passed;

	/** What was lost last and may be continued by the next loss. */
	private @Nullable Gap gap;

	Interception(FrameInterceptor interceptor, Connection connection, List<Frame> frames) {
		this.interceptor = interceptor;
		this.connection = connection;
		this.frames = List.copyOf(frames);
		this.passed = new ArrayList<>(frames.size());
	}

	/** No frame passes, because it cannot be run. */
	void refused() {
		this.frames.forEach(this.connection.writer::notWritten);
	}

	/** Whether any of the frames must pass an interceptor. */
	static boolean concerns(List<Frame> frames) {
		for (Frame frame : frames) {
			if (frame.message() != null) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Moves frames that have passed, up to so many bytes but at least one.
	 * @param passed what waits, not empty
	 */
	static void take(ArrayDeque<Frame> passed, List<Frame> frames, int maxBytes) {
		int room = maxBytes;
		for (Frame next = passed.peek(); next != null
				&& (frames.isEmpty() || next.size() <= room); next = passed.peek()) {
			frames.add(passed.remove());
			room -= next.size();
		}
	}

	@Override
	public void run() {
		boolean done = false;
		int handled = 0;
		try {
			for (Frame frame : this.frames) {
				pass(frame);
				handled++;
			}
			endGap();
			done = true;
		}
		finally {
			if (!done) {
				this.passed.forEach(this.connection.writer::notWritten);
				this.frames.subList(handled, this.frames.size()).forEach(this.connection.writer::notWritten);
			}
			List<Frame> result = done ? this.passed : null;
			this.connection.shard.execute(() -> this.connection.writer.intercepted(result));
		}
	}

	private void pass(Frame frame) {
		TopicMessage message = frame.message();
		if (message == null) {
			keep(frame);
			return;
		}
		try {
			Frame result = this.interceptor.intercept(this.connection, frame.subscription(), message, frame);
			if (result != null) {
				keep((result != frame && frame.journey() != null) ? frame.rewritten(result.bytes()) : result);
			}
			else {
				this.connection.shared().stats.vetoed.increment();
				lose(frame, message, Gap.VETOED);
			}
		}
		catch (Throwable ex) {
			this.connection.shared().stats.interceptorFailures.add(message, ex);
			lose(frame, message, Gap.FAILED);
		}
	}

	private void keep(Frame frame) {
		endGap();
		this.passed.add(frame);
	}

	private void lose(Frame frame, TopicMessage message, String reason) {
		this.connection.writer.notWritten(frame);
		String subscription = frame.subscription();
		Gap before = this.gap;
		String epoch = message.position().epoch();
		long from = message.seq();
		if (before != null && before.subscription().equals(subscription) && before.reason().equals(reason)
				&& before.epoch().equals(epoch) && before.to() == from - 1) {
			from = before.from();
		}
		else {
			endGap();
		}
		this.gap = new Gap(subscription, message.topic(), epoch, from, message.seq(), reason);
	}

	private void endGap() {
		Gap ended = this.gap;
		this.gap = null;
		if (ended != null && this.connection.wantsControlEvents()) {
			this.passed.add(Frame.of(this.connection.shared().encoder.gap(ended)));
		}
	}

}
