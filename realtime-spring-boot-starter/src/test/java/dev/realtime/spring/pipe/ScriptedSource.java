package dev.realtime.spring.pipe;

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Gives what a test tells it to. */
final class ScriptedSource implements Publisher<String>, Subscription {

	@Nullable Subscriber<? super String> subscriber;

	long requested;

	int cancelled;

	@Override
	public void subscribe(Subscriber<? super String> subscriber) {
		this.subscriber = subscriber;
		subscriber.onSubscribe(this);
	}

	@Override
	public void request(long n) {
		this.requested += n;
	}

	@Override
	public void cancel() {
		this.cancelled++;
	}

	void give(String... pieces) {
		for (String piece : pieces) {
			this.requested--;
			Objects.requireNonNull(this.subscriber).onNext(piece);
		}
	}

	void giveAll(String piece) {
		while (this.requested > 0) {
			give(piece);
		}
	}

	void complete() {
		Objects.requireNonNull(this.subscriber).onComplete();
	}

	void fail(Throwable failure) {
		Objects.requireNonNull(this.subscriber).onError(failure);
	}

}
