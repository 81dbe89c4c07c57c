package dev.realtime.delivery;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;
import dev.realtime.testing.Threads;
import org.junit.jupiter.api.Test;

/** Frames that shards share, in many interleavings of two shards that ask for them. */
class EncodedOnceInterleavingTests {

	private static final DeliveryShard SHARD = new DeliveryShard(
			new Loops().adopt("shard", new ScheduledThreadPoolExecutor(1)), new DeliveryStats(Environment.system()));

	@Test
	void aFrameIsOfItsSubscriptionAndStaysOnceItIsShared() {
		Threads.inManyInterleavings(() -> {
			Encoded encoded = new Encoded();
			List<Frame> frames = new ArrayList<>();
			Thread other = new Thread(() -> checked(encoded, "b"));
			other.start();
			for (int i = 0; i < 3; i++) {
				frames.add(checked(encoded, "a"));
			}
			try {
				other.join();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
			// a race with the only frame of the other shard is lost once at most
			if (frames.get(1) != frames.get(2) || encoded.encodings.get() > 3) {
				throw new AssertionError(encoded.encodings.get() + " encodings");
			}
		});
	}

	@Test
	void bothShardsGetTheSameFrameLater() {
		Threads.inManyInterleavings(() -> {
			Encoded encoded = new Encoded();
			Thread other = new Thread(() -> checked(encoded, "a"));
			other.start();
			checked(encoded, "a");
			try {
				other.join();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
			int before = encoded.encodings.get();
			Frame kept = checked(encoded, "a");
			if (before > 2 || kept != checked(encoded, "a") || encoded.encodings.get() != before) {
				throw new AssertionError(encoded.encodings.get() + " encodings");
			}
		});
	}

	private static Frame checked(Encoded encoded, String id) {
		Frame frame = Objects.requireNonNull(encoded.frame(id, SHARD));
		if (!new String(frame.bytes(), StandardCharsets.UTF_8).equals(id)) {
			throw new AssertionError("A frame of another subscription");
		}
		return frame;
	}

	/** A frame is its subscription's id. */
	private static final class Encoded extends EncodedOnce {

		final AtomicInteger encodings = new AtomicInteger();

		@Override
		Frame encode(String subscriptionId) {
			this.encodings.incrementAndGet();
			return Frame.of(subscriptionId.getBytes(StandardCharsets.UTF_8));
		}

	}

}
