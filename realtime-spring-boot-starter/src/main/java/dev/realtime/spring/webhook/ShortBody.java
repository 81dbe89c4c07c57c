package dev.realtime.spring.webhook;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an answer, which says nothing, so that the connection can be used
 * again. Does not read on after 64 KB, which ends the connection.
 */
final class ShortBody implements HttpResponse.BodySubscriber<Boolean> {

	private static final int MOST = 65_536;

	private final CompletableFuture<Boolean> done = new CompletableFuture<>();

	private Flow.@Nullable Subscription subscription;

	private long read;

	/** Whether the body was read to its end. */
	@Override
	public CompletionStage<Boolean> getBody() {
		return this.done;
	}

	@Override
	public void onSubscribe(Flow.Subscription given) {
		this.subscription = given;
		given.request(1);
	}

	@Override
	public void onNext(List<ByteBuffer> buffers) {
		buffers.forEach((buffer) -> this.read += buffer.remaining());
		Flow.Subscription from = this.subscription;
		if (from == null) {
			return;
		}
		if (this.read > MOST) {
			from.cancel();
			this.done.complete(false);
		}
		else {
			from.request(1);
		}
	}

	/** The status was read, and counts. */
	@Override
	public void onError(Throwable failure) {
		this.done.complete(false);
	}

	@Override
	public void onComplete() {
		this.done.complete(true);
	}

}
