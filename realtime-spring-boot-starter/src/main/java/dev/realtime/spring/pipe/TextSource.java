package dev.realtime.spring.pipe;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Subscribes to the application's source and bounds what is under way from it. The source
 * calls back on any thread. It is subscribed on the thread of the caller, and asked for
 * more and cancelled on loops of their own, because all three run the application's code.
 * It may break the rules of Reactive Streams: more than was asked for ends it, and so
 * does whatever it throws.
 */
final class TextSource implements Subscriber<CharSequence> {

	/** How many pieces may be under way. */
	static final int PREFETCH = 256;

	private final Loop calls;

	private final Loop cancels;

	private final Consumer<String> piece;

	private final Consumer<@Nullable Throwable> end;

	private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();

	/** What was asked for and has not come. */
	private final AtomicInteger wanted = new AtomicInteger(PREFETCH);

	private final AtomicBoolean ended = new AtomicBoolean();

	private final AtomicBoolean asked = new AtomicBoolean();

	/** Whether it is or was given to be cancelled; on the text's loop. */
	private boolean cancelling;

	/** Whether it said that it has ended. */
	private volatile boolean complete;

	/** Whether the source's {@code subscribe} has returned. */
	private volatile boolean returned;

	/**
	 * Creates a source that is not subscribed yet.
	 * @param calls asks for more
	 * @param cancels cancels
	 * @param piece called with each piece, one after the other, on the source's thread
	 * @param end called once, after the last piece, with what the source failed with, or
	 * null; then {@link #cancel} is due. Not if it was cancelled before
	 */
	TextSource(Loop calls, Loop cancels, Consumer<String> piece, Consumer<@Nullable Throwable> end) {
		this.calls = calls;
		this.cancels = cancels;
		this.piece = piece;
		this.end = end;
	}

	/** Subscribes; never throws. */
	<T extends CharSequence> void subscribeTo(Publisher<T> source) {
		try {
			source.subscribe(this);
			this.returned = true;
			askFirst();
		}
		catch (Throwable ex) {
			end(ex);
		}
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (!this.subscription.compareAndSet(null, subscription) || this.ended.get()) {
			// on the source's own thread: nothing bounds how often it does this
			this.cancels.contain(subscription::cancel);
			return;
		}
		if (this.returned) {
			askFirst();
		}
	}

	@Override
	public void onNext(CharSequence text) {
		if (this.ended.get()) {
			return;
		}
		if (this.wanted.decrementAndGet() < 0) {
			end(new IllegalStateException("The source gave more than it was asked for"));
			return;
		}
		// a source that gives within the request runs on these threads all the time
		this.calls.progressed();
		try {
			this.piece.accept(text.toString());
		}
		catch (Throwable ex) {
			end(ex);
		}
	}

	@Override
	public void onError(Throwable failure) {
		this.complete = true;
		end((failure != null) ? failure : new NullPointerException("The source failed with null"));
	}

	@Override
	public void onComplete() {
		this.complete = true;
		end(null);
	}

	/** Lets the source give so many pieces more. Any thread; never blocks. */
	void request(int pieces) {
		Subscription known = this.subscription.get();
		if (pieces > 0 && known != null && !this.ended.get()) {
			this.wanted.addAndGet(pieces);
			ask(known, pieces);
		}
	}

	/**
	 * Ends without a call back, and cancels the source unless it has ended itself;
	 * idempotent. On the text's loop; never blocks.
	 */
	void cancel() {
		this.ended.set(true);
		Subscription known = this.subscription.get();
		if (known != null && !this.complete && !this.cancelling) {
			this.cancelling = true;
			this.cancels.execute(known::cancel);
		}
	}

	/**
	 * Runs the task when the source has been cancelled; now, if it is not being. After
	 * {@link #cancel}, on the text's loop; never blocks.
	 */
	void whenCancelled(Runnable task) {
		if (!this.cancelling || !this.cancels.tryExecute(task)) {
			task.run();
		}
	}

	/**
	 * Asks for the first pieces, and not before {@code subscribe} has returned: Reactor
	 * passes on a request that comes earlier on the thread that subscribes, which a
	 * source that blocks would then hold.
	 */
	private void askFirst() {
		Subscription known = this.subscription.get();
		if (known != null && !this.asked.getAndSet(true)) {
			ask(known, PREFETCH);
		}
	}

	private void ask(Subscription subscription, int pieces) {
		this.calls.execute(() -> {
			try {
				subscription.request(pieces);
			}
			catch (Throwable ex) {
				end(ex);
			}
		});
	}

	private void end(@Nullable Throwable failure) {
		if (!this.ended.getAndSet(true)) {
			this.end.accept(failure);
		}
	}

}
